#include "engine/schedule/feeding.hpp"

#include <algorithm>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope {

void check_length(std::string_view what, std::size_t tokens, const ModelConfig& config) {
  if (tokens == 0) {
    throw Error({.what = std::string(what) + " has no tokens",
                 .expected = "at least one",
                 .remedy = "Give a text that is not empty"});
  }
  if (tokens <= static_cast<std::size_t>(config.positions)) return;
  throw Error({.what = std::string(what) + " is longer than the model's context",
               .found = std::to_string(tokens) + " tokens",
               .expected = "at most " + std::to_string(config.positions) + " (n_positions)",
               .remedy = "Shorten it, or take a model with a longer context"});
}

std::span<const int> next_of_prompt(std::span<const int> prompt, std::size_t fed,
                                    const Knobs& knobs) {
  if (fed == 0 && knobs.prefill != Prefill::stream) return prompt;
  return prompt.subspan(fed, 1);
}

void feed(Session& session, std::span<const Feed> feeds) {
  if (feeds.empty()) return;
  std::vector<LaneId> lanes;
  std::vector<LaneInput> inputs;
  for (const Feed& one : feeds) {
    const auto add = [&](LaneId lane) {
      lanes.push_back(lane);
      inputs.push_back({.lane = lane, .token = one.tokens.front()});
    };
    add(one.pair.lane);
    if (one.pair.twin) add(*one.pair.twin);
  }
  if (feeds.front().tokens.size() > 1) {
    session.prefill(lanes, feeds.front().tokens);
  } else {
    session.step(inputs);
  }
}

void feed_prompt(Session& session, LaneId lane, std::span<const int> prompt, const Knobs& knobs) {
  check_length("prompt", prompt.size(), session.model().config());
  for (std::size_t fed = 0; fed < prompt.size();) {
    const Feed next{.pair = {.lane = lane}, .tokens = next_of_prompt(prompt, fed, knobs)};
    feed(session, {&next, 1});
    fed += next.tokens.size();
  }
}

std::optional<SequenceEnd> StopRule::end(std::size_t drawn, int token, std::size_t fed,
                                         const ModelConfig& config) const {
  if (std::ranges::find(end_tokens, token) != end_tokens.end()) return SequenceEnd::end_token;
  if (drawn >= static_cast<std::size_t>(tokens)) return SequenceEnd::complete;
  if (fed >= static_cast<std::size_t>(config.positions)) return SequenceEnd::context;
  return std::nullopt;
}

}  // namespace sketchscope
