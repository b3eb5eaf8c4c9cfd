#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/policy/score_terms.hpp"

namespace sketchscope::policy {
namespace {

// Multiplies a vector by the mean rotation of the next queries, which also shrinks it.
void rotate_by_mean(std::span<const float> mean_rotation, std::span<float> vector,
                    std::size_t stride) {
  const std::size_t pairs = mean_rotation.size() / 2;
  for (std::size_t i = 0; i < pairs; ++i) {
    const float cosine = mean_rotation[i], sine = mean_rotation[pairs + i];
    float& first = vector[i * stride];
    float& second = vector[(pairs + i) * stride];
    const float rotated = cosine * first - sine * second;
    second = sine * first + cosine * second;
    first = rotated;
  }
}

// The mean and the covariance of the queries that a head is expected to ask.
struct Expected {
  std::span<float> mean;        // (D)
  std::span<float> covariance;  // (D, D)
};

void write_expected(const ScoreInput& input, int head, const Expected& expected) {
  const std::size_t width = input.stored.width();
  std::ranges::copy(input.moments->mean(head), expected.mean.begin());
  input.moments->write_covariance(head, expected.covariance);
  rotate_by_mean(input.mean_rotation, expected.mean, 1);
  for (std::size_t row = 0; row < width; ++row) {
    rotate_by_mean(input.mean_rotation, expected.covariance.subspan(row * width), 1);
  }
  for (std::size_t column = 0; column < width; ++column) {
    rotate_by_mean(input.mean_rotation, expected.covariance.subspan(column), width);
  }
}

// Returns ln of the mean of e^(c·q·k) over queries like those expected. `spread` (D) is workspace.
float log_mean_weight(const Expected& expected, std::span<const float> key, float scale,
                      std::span<float> spread) {
  std::ranges::fill(spread, 0.0F);
  for (std::size_t row = 0; row < key.size(); ++row) {
    const float* const of_row = expected.covariance.data() + row * key.size();
    for (std::size_t column = 0; column < key.size(); ++column) {
      spread[column] += key[row] * of_row[column];
    }
  }
  float product = 0, square = 0;
  for (std::size_t at = 0; at < key.size(); ++at) {
    product += expected.mean[at] * key[at];
    square += spread[at] * key[at];
  }
  return scale * product + scale * scale / 2 * square;
}

// Adds a head's share of the softmax over the slots that are no sinks.
void add_softmax(std::span<const float> logits, std::span<const int> positions, int sinks,
                 double share, std::span<float> expected) {
  float largest = -std::numeric_limits<float>::infinity();
  for (std::size_t slot = 0; slot < logits.size(); ++slot) {
    if (positions[slot] >= sinks) largest = std::max(largest, logits[slot]);
  }
  double sum = 0;
  for (std::size_t slot = 0; slot < logits.size(); ++slot) {
    if (positions[slot] >= sinks) sum += std::exp(double{logits[slot]} - largest);
  }
  for (std::size_t slot = 0; slot < logits.size(); ++slot) {
    if (positions[slot] < sinks) continue;
    expected[slot] += static_cast<float>(share * std::exp(double{logits[slot]} - largest) / sum);
  }
}

}  // namespace

std::size_t numbers_of_expected_mass(const TableSize& size) {
  return (2 + size.head_width) * size.head_width + size.slots +
         size.slots * size.kv_heads * size.head_width;
}

void expected_mass(const ScoreInput& input, std::span<float> expected) {
  const StoredVectors& stored = input.stored;
  const std::size_t width = stored.width();
  std::span<float> room = input.room->take(
      numbers_of_expected_mass({.slots = expected.size(),
                                .kv_heads = static_cast<std::size_t>(stored.kv_heads),
                                .head_width = width}));
  const auto next = [&room](std::size_t count) {
    const std::span<float> part = room.first(count);
    room = room.subspan(count);
    return part;
  };
  const Expected query{.mean = next(width), .covariance = next(width * width)};
  const std::span<float> spread = next(width), logits = next(expected.size()),
                         keys = next(expected.size() * stored.key_numbers());
  stored.read_keys(keys);
  stored.rotate_keys(keys);
  std::ranges::fill(expected, 0.0F);
  const int group = stored.query_heads / stored.kv_heads;
  for (int head = 0; head < stored.query_heads; ++head) {
    write_expected(input, head, query);
    const std::size_t first = static_cast<std::size_t>(head / group) * width;
    for (std::size_t slot = 0; slot < logits.size(); ++slot) {
      const auto key = keys.subspan(slot * stored.key_numbers() + first, width);
      logits[slot] = log_mean_weight(query, key, stored.scale, spread);
    }
    add_softmax(logits, input.stored_positions, input.sinks, 1.0 / stored.query_heads, expected);
  }
  const float largest = expected.empty() ? 0.0F : std::ranges::max(expected);
  for (std::size_t slot = 0; slot < expected.size(); ++slot) {
    if (input.stored_positions[slot] < input.sinks) expected[slot] = largest;
  }
}

}  // namespace sketchscope::policy
