#include "gui/view/history.hpp"

#include <iterator>

namespace sketchscope {

bool History::update(const RecordLog& log) {
  auto update = log.read(generation_, records_.size());
  const bool replaced = update.generation != generation_;
  if (!replaced && update.records.empty()) return false;
  if (replaced) records_.clear();
  generation_ = update.generation;
  run_ = update.run;
  records_.insert(records_.end(), std::make_move_iterator(update.records.begin()),
                  std::make_move_iterator(update.records.end()));
  return true;
}

const StepRecord* History::latest() const {
  return records_.empty() ? nullptr : records_.back().get();
}

const StepRecord* History::at(std::int64_t step) const {
  if (step < 0 || step >= static_cast<std::int64_t>(records_.size())) return nullptr;
  return records_[static_cast<std::size_t>(step)].get();
}

}  // namespace sketchscope
