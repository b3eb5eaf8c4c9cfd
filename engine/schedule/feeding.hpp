#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/decode/session.hpp"

namespace sketchscope::schedule {

/// A lane and, optionally, its twin: a full-cache lane that is fed the same tokens.
struct LanePair {
  decode::LaneId lane = 0;
  std::optional<decode::LaneId> twin;
};

/// Returns `knobs` changed so that the cache evicts nothing and reads every position exactly.
settings::Knobs full_cache_knobs(settings::Knobs knobs);

/// Adds the full-cache twin of a lane with these knobs. It is not audited, since it evicts nothing.
decode::LaneId add_twin(decode::Session& session, const settings::Knobs& knobs,
                        bool keep_attention);

/// Adds a lane and, if `with_twin`, its twin.
LanePair add_pair(decode::Session& session, const decode::LaneOptions& options, bool with_twin);

/// The divergence of a lane's next-token distribution from its twin's.
struct TwinComparison {
  double logit_kl = 0;       ///< KL(twin‖lane), nats
  bool top1_agrees = false;  ///< both have the same most likely token
};
/// Compares the distributions after the tokens that both lanes were fed.
TwinComparison compare_with_twin(const decode::Lane& lane, const decode::Lane& twin);

/// Adjusts the lane's capacity at a step boundary if its target requires it (Lane::hold_target),
/// and returns the changed knobs.
std::vector<record::KnobChange> hold_target(decode::Session& session, const LanePair& pair);

/// Throws Error unless a sequence of `tokens` tokens can be fed: at least one, and no more than the
/// model has positions. `what` names the sequence in the message, such as "prompt".
void check_length(std::string_view what, std::size_t tokens, const model::ModelConfig& config);

/// Returns whether a sequence under these knobs may be longer than the model's context: its keys
/// take ranks for positions, and its capacity lies within the context.
bool may_outgrow_context(const settings::Knobs& knobs, const model::ModelConfig& config);

/// Throws Error unless a sequence under these knobs may have `tokens` tokens.
void check_length(std::string_view what, std::size_t tokens, const model::ModelConfig& config,
                  const settings::Knobs& knobs);

/// Returns the tokens of `prompt` that the next pass takes when `fed` of them were fed before: the
/// whole prompt at once, or one token where the knob `prefill` is `stream`. A prompt of one token
/// is an ordinary decode step.
std::span<const int> next_of_prompt(std::span<const int> prompt, std::size_t fed,
                                    const settings::Knobs& knobs);

/// The tokens that one pass feeds to a lane and to its twin, if it has one.
struct Feed {
  LanePair pair;
  std::span<const int> tokens;
};

/// Runs one forward pass over all feeds: one token for each, or the same prompt of several tokens
/// for all of them, whose caches must then be empty. A twin that several pairs name is fed once, by
/// the first of them; the others must have the same tokens. Throws Error at the end of the context.
void feed(decode::Session& session, std::span<const Feed> feeds);

/// Feeds a whole prompt to an empty lane as the knob `prefill` says. Throws Error on a prompt
/// without tokens or longer than the context.
void feed_prompt(decode::Session& session, decode::LaneId lane, std::span<const int> prompt,
                 const settings::Knobs& knobs);

/// The reason why a sequence ends.
enum class SequenceEnd : std::uint8_t {
  complete,   ///< all requested tokens were drawn
  end_token,  ///< one of the end tokens was drawn
  context,    ///< the lane has no room for another token
};

/// Limits how many tokens a sequence draws for itself. The last drawn token is not fed.
struct StopRule {
  int tokens = 0;               ///< upper limit
  std::vector<int> end_tokens;  ///< drawing one of these ends the sequence

  /// Returns why a sequence ends after `drawn` drawn tokens, the last being `token`; empty if it
  /// continues. `has_room` says whether its lane can be fed another token.
  [[nodiscard]] std::optional<SequenceEnd> end(std::size_t drawn, int token, bool has_room) const;
};

}  // namespace sketchscope::schedule
