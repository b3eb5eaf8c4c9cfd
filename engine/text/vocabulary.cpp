#include "engine/text/vocabulary.hpp"

#include "engine/core/error.hpp"

namespace sketchscope::text {

void Vocabulary::add(int id, const std::string& entry, const std::string& source) {
  if (id < 0 || id > kLargestId) {
    throw core::Error({.what = "the id of '" + entry + "' in " + source,
                       .found = std::to_string(id),
                       .expected = "0 to " + std::to_string(kLargestId),
                       .remedy = "fetch the tokenizer files again"});
  }
  const auto index = static_cast<std::size_t>(id);
  if (entries_.size() <= index) entries_.resize(index + 1);
  if (!entries_[index].empty() && entries_[index] != entry) {
    throw core::Error(
        {.what = source + " gives one id to two entries",
         .found = std::to_string(id) + " for '" + entries_[index] + "' and '" + entry + "'",
         .expected = "each id once",
         .remedy = "fetch the tokenizer files again"});
  }
  entries_[index] = entry;
  ids_.emplace(entry, id);
}

std::optional<int> Vocabulary::find(std::string_view entry) const {
  const auto found = ids_.find(entry);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

const std::string& Vocabulary::entry(int id) const {
  static const std::string kNone;
  return id >= 0 && id < size() ? entries_[static_cast<std::size_t>(id)] : kNone;
}

}  // namespace sketchscope::text
