#include "engine/schedule/feeding.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope::schedule {

settings::Knobs full_cache_knobs(settings::Knobs knobs) {
  knobs.policy = "full";
  knobs.read = "full";
  knobs.kv = kernels::KvFormat::f32;
  knobs.target = settings::TargetKind::none;
  knobs.positions = settings::Positions::original;
  return knobs;
}

decode::LaneId add_twin(decode::Session& session, const settings::Knobs& knobs,
                        bool keep_attention) {
  return session.add_lane({.knobs = full_cache_knobs(knobs), .keep_attention = keep_attention});
}

LanePair add_pair(decode::Session& session, const decode::LaneOptions& options, bool with_twin) {
  decode::LaneOptions own = options;
  own.has_twin = with_twin;
  LanePair pair{.lane = session.add_lane(std::move(own))};
  if (with_twin) pair.twin = add_twin(session, options.knobs, options.keep_attention);
  return pair;
}

TwinComparison compare_with_twin(const decode::Lane& lane, const decode::Lane& twin) {
  const auto top = std::ranges::max_element(lane.logits()) - lane.logits().begin();
  return {.logit_kl = std::max(0.0, kernels::logit_kl(twin.logits(), lane.logits())),
          .top1_agrees = kernels::rank_of(twin.logits(), static_cast<int>(top)) == 0};
}

std::vector<record::KnobChange> hold_target(decode::Session& session, const LanePair& pair) {
  decode::Lane& lane = session.lane(pair.lane);
  std::optional<double> kl;
  if (pair.twin && lane.knobs().target == settings::TargetKind::logit_kl &&
      !lane.logits().empty()) {
    kl = compare_with_twin(lane, session.lane(*pair.twin)).logit_kl;
  }
  return lane.hold_target(kl);
}

void check_length(std::string_view what, std::size_t tokens, const model::ModelConfig& config) {
  if (tokens == 0) {
    throw core::Error({.what = std::string(what) + " has no tokens",
                       .expected = "at least one",
                       .remedy = "Give a text that is not empty"});
  }
  if (tokens <= static_cast<std::size_t>(config.positions)) return;
  throw core::Error(
      {.what = std::string(what) + " is longer than the model's context",
       .found = std::to_string(tokens) + " tokens",
       .expected = "at most " + std::to_string(config.positions) + " (the positions of the model)",
       .remedy = "Shorten it, or take a model with a longer context"});
}

bool may_outgrow_context(const settings::Knobs& knobs, const model::ModelConfig& config) {
  return knobs.positions == settings::Positions::cache && knobs.policy->evicts &&
         knobs.max_cache_size <= config.positions;
}

void check_length(std::string_view what, std::size_t tokens, const model::ModelConfig& config,
                  const settings::Knobs& knobs) {
  const bool longer = tokens > static_cast<std::size_t>(config.positions);
  if (longer && may_outgrow_context(knobs, config)) return;
  check_length(what, tokens, config);
}

std::span<const int> next_of_prompt(std::span<const int> prompt, std::size_t fed,
                                    const settings::Knobs& knobs) {
  if (fed == 0 && knobs.prefill != settings::Prefill::stream) return prompt;
  return prompt.subspan(fed, 1);
}

void feed(decode::Session& session, std::span<const Feed> feeds) {
  if (feeds.empty()) return;
  std::vector<decode::LaneId> lanes;
  std::vector<decode::LaneInput> inputs;
  for (const Feed& one : feeds) {
    const auto add = [&](decode::LaneId lane) {
      lanes.push_back(lane);
      inputs.push_back({.lane = lane, .token = one.tokens.front()});
    };
    add(one.pair.lane);
    const std::optional<decode::LaneId> twin = one.pair.twin;
    if (twin && std::ranges::find(lanes, *twin) == lanes.end()) add(*twin);
  }
  if (feeds.front().tokens.size() > 1) {
    session.prefill(lanes, feeds.front().tokens);
  } else {
    session.step(inputs);
  }
}

void feed_prompt(decode::Session& session, decode::LaneId lane, std::span<const int> prompt,
                 const settings::Knobs& knobs) {
  check_length("prompt", prompt.size(), session.model().config(), knobs);
  for (std::size_t fed = 0; fed < prompt.size();) {
    const Feed next{.pair = {.lane = lane}, .tokens = next_of_prompt(prompt, fed, knobs)};
    feed(session, {&next, 1});
    fed += next.tokens.size();
  }
}

std::optional<SequenceEnd> StopRule::end(std::size_t drawn, int token, bool has_room) const {
  if (std::ranges::find(end_tokens, token) != end_tokens.end()) return SequenceEnd::end_token;
  if (drawn >= static_cast<std::size_t>(tokens)) return SequenceEnd::complete;
  if (!has_room) return SequenceEnd::context;
  return std::nullopt;
}

}  // namespace sketchscope::schedule
