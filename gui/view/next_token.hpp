#pragma once

#include <string>
#include <vector>

#include "engine/record/step_record.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

/// A likely next token and its probabilities under lane and twin.
struct NextTokenBar {
  std::string text;
  double lane = 0;
  double twin = 0;     ///< kMissing without a twin
  bool drawn = false;  ///< the token that is fed next
};

/// Returns at most `count` tokens, most likely first. `next_token` is the drawn one, or −1 if
/// unknown.
std::vector<NextTokenBar> next_token_bars(const StepRecord& record, int next_token,
                                          std::size_t count, const TokenText& text);

}  // namespace sketchscope
