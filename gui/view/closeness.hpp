#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/record/record_log.hpp"

namespace sketchscope::view {

/// How far a lane's text has come from what the full cache would write, from near to far.
enum class Closeness : std::uint8_t { close, drifting, repeating, broken };

/// Returns "close", "drifting", "repeating" or "broken".
std::string_view closeness_text(Closeness closeness);

/// The limits of Closeness, means over the latest steps. docs/results.md has the measurement that
/// they were read from ("When a text is broken").
struct ClosenessLimits {
  double drifting_kl = 0.35;         ///< nats; drifting from here on
  double broken_kl = 1;              ///< nats; broken from here on
  double drifting_agreement = 0.85;  ///< drifting below
  double broken_agreement = 0.7;     ///< broken below
  double repeating_tokens = 0.45;    ///< repeating below this share of distinct tokens
};

/// The figures of the latest tokens that a lane drew; absent where they were not measured.
struct DrawnTokens {
  /// The number of latest steps that the figures cover: few enough that a knob shows within
  /// seconds.
  static constexpr std::size_t kLatest = 32;
  /// The least number of steps for a verdict.
  static constexpr std::size_t kFewest = 8;

  std::size_t steps = 0;
  std::optional<double> logit_kl;        ///< mean, nats
  std::optional<double> top1_agreement;  ///< share of the steps
  double distinct = 1;                   ///< distinct tokens as a share of all

  /// Returns the verdict; empty without a twin and over fewer than kFewest steps.
  [[nodiscard]] std::optional<Closeness> closeness(const ClosenessLimits& limits = {}) const;
};

/// Returns the figures of the latest steps that fed a token that the lane drew.
DrawnTokens drawn_tokens(std::span<const record::RecordPointer> records);

}  // namespace sketchscope::view
