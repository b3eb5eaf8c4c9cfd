#include "engine/policy/stored_vectors.hpp"

#include "engine/core/memory.hpp"
#include "kernels/rotary.hpp"

namespace sketchscope::policy {

void StoredVectors::read_keys(std::span<float> keys) const {
  for (int slot = 0; slot < table->stored(); ++slot) {
    read_key(slot, keys.subspan(static_cast<std::size_t>(slot) * key_numbers(), key_numbers()));
  }
}

void StoredVectors::rotate_keys(std::span<float> keys) const {
  const auto pairs = static_cast<std::size_t>(rotations.pairs);
  for (std::size_t slot = 0; slot < rotations.ranks.size(); ++slot) {
    const auto rank = static_cast<std::size_t>(rotations.ranks[slot]);
    const auto rotation = rotations.rotations.subspan(2 * width() * rank, 2 * width());
    // The first sines are stored with the opposite sign, so the later ones are taken.
    kernels::rotate(
        {.cosine = rotation.first(pairs), .sine = rotation.subspan(width() + pairs, pairs)},
        head_width, keys.subspan(slot * key_numbers(), key_numbers()));
  }
}

void ScoreRoom::reserve(const Size& size) {
  core::reserve_ahead(numbers, size.numbers);
  core::reserve_ahead(order, size.slots);
  formula.reserve(size.formula);
}

std::size_t ScoreRoom::bytes() const {
  return (numbers.capacity() + mean_rotation.capacity()) * sizeof(float) +
         order.capacity() * sizeof(int) + formula.bytes();
}

std::span<float> ScoreRoom::take(std::size_t count) {
  numbers.resize(count);
  return numbers;
}

}  // namespace sketchscope::policy
