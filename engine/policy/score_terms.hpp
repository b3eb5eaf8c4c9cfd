#pragma once

#include <span>
#include <vector>

#include "engine/policy/policy.hpp"

// Quantities per slot that policies combine into scores (docs/cache.md, "Policies"). Each function
// writes (S) numbers; numbers_of_…() returns how many numbers it takes from ScoreRoom::numbers.

namespace sketchscope::policy {

/// Mean mass under the last `input.observation.window` queries, or as many as there were.
void observed_mass(const ScoreInput& input, std::span<float> mean);

/// −cos(k, mean of the normalised keys stored), summed over the heads of the table (KeyDiff, arXiv
/// 2504.15364). A key of length 0 counts as 0.
void key_difference(const ScoreInput& input, std::span<float> difference);
[[nodiscard]] std::size_t numbers_of_key_difference(const TableSize& size);

/// The attention that a query to come is expected to give: by query head the softmax over the
/// slots at positions ≥ sinks of c·μ·k + c²/2·kᵀΣk, averaged over the heads (Expected Attention,
/// arXiv 2510.00636). Queries are taken as normal, with the mean μ and covariance Σ of those so
/// far, rotated by ScoreInput::mean_rotation. Sinks get the largest value of the others.
void expected_mass(const ScoreInput& input, std::span<float> expected);
[[nodiscard]] std::size_t numbers_of_expected_mass(const TableSize& size);

/// Similarity of a key to the others of its head (R-KV, arXiv 2505.24133): softmax over the slots j
/// of 1/S · Σ over i ≠ j of cos(k_i, k_j), without the term of i if j is the latest key with
/// cos(k_i, k_j) > 0.5; summed over the query heads that read the table.
void key_redundancy(const ScoreInput& input, std::span<float> redundancy);
[[nodiscard]] std::size_t numbers_of_key_redundancy(const TableSize& size);

/// Writes the slots in ascending order of position to `order`.
void put_in_order(std::span<const int> positions, std::vector<int>& order);

enum class Pool : std::uint8_t { mean, largest };
/// Pools `values` (S) over `kernel` neighbours in the given order of slots, itself in the middle.
/// Beyond both ends there are zeros for the mean, which is always divided by `kernel`, and nothing
/// for the largest. `pooled` (S) is written at the slots of `order` alone.
void pool(Pool kind, int kernel, std::span<const int> order, std::span<const float> values,
          std::span<float> pooled);

}  // namespace sketchscope::policy
