#pragma once

#include <cstdint>
#include <vector>

#include "engine/measure/recall.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope {

struct RecallItemOptions {
  int items = 150;         ///< shared out among the distances; a third of each asks a changed fact
  std::uint64_t seed = 1;  ///< of the tales, which are the test split's
  int context = 1024;      ///< a question ends below this position
};

/// Questions from tales the model was not trained on, one a tale: about combinations of person,
/// object and place, and by seeds, that training does not use. A distance for which too few turn up
/// keeps fewer.
std::vector<RecallQuestion> make_recall_items(const Tokenizer& tokenizer,
                                              const RecallItemOptions& options);

}  // namespace sketchscope
