#include "gui/view/next_token.hpp"

#include "gui/view/quantity.hpp"

namespace sketchscope {

std::vector<NextTokenBar> next_token_bars(const StepRecord& record, int next_token,
                                          std::size_t count, const TokenText& text) {
  std::vector<NextTokenBar> bars;
  for (const auto& candidate : record.candidates) {
    if (bars.size() == count) break;
    bars.push_back({.text = text.quoted(candidate.token),
                    .lane = candidate.probability,
                    .twin = or_missing(candidate.twin_probability),
                    .drawn = candidate.token == next_token});
  }
  return bars;
}

}  // namespace sketchscope
