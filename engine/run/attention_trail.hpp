#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace sketchscope::run {

class WatchedRun;

/// The attention of the last token of one step by layer, head and position, a byte each.
struct AttentionRow {
  std::int64_t step = 0;
  int layers = 0;                  // L
  int heads = 0;                   // H
  int positions = 0;               // P, the query is the last
  std::vector<std::uint8_t> lane;  ///< attention_code(), (L, H, P)
  std::vector<std::uint8_t> twin;  ///< (L, H, P); empty without a twin

  /// Returns the codes of one head, (P).
  [[nodiscard]] std::span<const std::uint8_t> of(std::span<const std::uint8_t> side, int layer,
                                                 int head) const {
    const auto count = static_cast<std::size_t>(positions);
    return side.subspan(static_cast<std::size_t>(layer * heads + head) * count, count);
  }
};

/// Returns the code of an attention mass: from 1 for none to 255 for all of it, evenly by its
/// square root, so that small masses keep their differences. 0 is a position that is not stored.
std::uint8_t attention_code(float mass);
/// Returns the mass of a code; NaN of 0.
float attention_mass(std::uint8_t code);

/// The attention of the latest steps of a run, within a budget of bytes.
class AttentionTrail {
 public:
  static constexpr std::size_t kMostRows = 96;
  static constexpr std::size_t kMostBytes = std::size_t{24} << 20;

  /// Adds the row of the run's last step; none after a prompt in one pass.
  void note_step(const WatchedRun& run);
  void forget();
  [[nodiscard]] std::vector<std::shared_ptr<const AttentionRow>> rows() const {
    return {rows_.begin(), rows_.end()};
  }

 private:
  std::deque<std::shared_ptr<const AttentionRow>> rows_;  ///< ascending by step
  std::size_t bytes_ = 0;
};

}  // namespace sketchscope::run
