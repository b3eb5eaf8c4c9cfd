#pragma once

#include <cstdint>
#include <vector>

#include "engine/measure/recall.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope {

/// Options of make_recall_items().
struct RecallItemOptions {
  int items = 150;         ///< divided among the distances; a third ask a changed fact
  std::uint64_t seed = 1;  ///< seed of the tales of the test split
  int context = 1024;      ///< upper limit of positions per item
};

/// Makes recall questions from tales of the test split, one per tale. Neither their seeds nor their
/// combinations of person, object and place occur in training. A distance gets fewer questions if
/// not enough are found for it.
std::vector<RecallQuestion> make_recall_items(const Tokenizer& tokenizer,
                                              const RecallItemOptions& options);

}  // namespace sketchscope
