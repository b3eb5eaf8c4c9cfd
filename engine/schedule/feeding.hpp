#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/schedule/lane_pair.hpp"

namespace sketchscope {

/// Throws Error unless a sequence of `tokens` tokens can be fed: at least one, and no more than the
/// model has positions. `what` it is called in the message, such as "prompt".
void check_length(std::string_view what, std::size_t tokens, const ModelConfig& config);

/// The tokens of `prompt`, of which `fed` are in, that the next pass takes: all of them, or one
/// where the knob `prefill` says `stream` or there is only one. A single token is an ordinary step.
std::span<const int> next_of_prompt(std::span<const int> prompt, std::size_t fed,
                                    const Knobs& knobs);

/// What a pass feeds to a lane and, where it has one, to its twin.
struct Feed {
  LanePair pair;
  std::span<const int> tokens;
};

/// One forward pass: a token for each, or for all the same prompt of several tokens, of which their
/// caches hold nothing yet. Throws Error at the context's end.
void feed(Session& session, std::span<const Feed> feeds);

/// Feeds a whole prompt to an empty lane as the knob `prefill` says. Throws Error on a prompt
/// without tokens or longer than the context.
void feed_prompt(Session& session, LaneId lane, std::span<const int> prompt, const Knobs& knobs);

/// Why a sequence ends.
enum class SequenceEnd : std::uint8_t {
  complete,   ///< it has all the tokens that were asked for
  end_token,  ///< it drew the token that ends it
  context,    ///< it reached the model's last position
};

/// How many tokens of its own choice a sequence draws. The last one is not fed.
struct StopRule {
  int tokens = 0;                ///< at most
  std::optional<int> end_token;  ///< ends with this one, which is the last drawn

  /// Why a sequence ends that drew `drawn` tokens, `token` last, when `fed` tokens were in; empty:
  /// it goes on.
  [[nodiscard]] std::optional<SequenceEnd> end(std::size_t drawn, int token, std::size_t fed,
                                               const ModelConfig& config) const;
};

}  // namespace sketchscope
