#include "engine/sketch/items.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::sketch {
namespace {

constexpr int kMostBits = 24;

float nearly_gaussian(core::SplitMix64& random) {
  double sum = -6;
  for (int draw = 0; draw < 12; ++draw) sum += random.uniform();
  return static_cast<float>(sum);
}

}  // namespace

KeyCoder::KeyCoder(int width, int bits, std::uint64_t seed)
    : width_(static_cast<std::size_t>(width)) {
  if (bits < 1 || bits > kMostBits) {
    throw core::UsageError({.what = "lsh_bits",
                            .found = std::to_string(bits),
                            .expected = "1 to " + std::to_string(kMostBits)});
  }
  core::SplitMix64 random(seed);
  planes_.resize(static_cast<std::size_t>(bits) * width_);
  for (float& coordinate : planes_) coordinate = nearly_gaussian(random);
}

std::uint32_t KeyCoder::code(std::span<const float> key) const {
  std::uint32_t code = 0;
  for (std::size_t start = 0, bit = 0; start < planes_.size(); start += width_, ++bit) {
    // The product is summed in double and in order, so that every build gives the same bits.
    double side = 0;
    for (std::size_t at = 0; at < width_; ++at) side += double{planes_[start + at]} * key[at];
    if (side >= 0) code |= std::uint32_t{1} << bit;
  }
  return code;
}

namespace {

using Key = std::uint64_t;

// The counts of a digit's 2^8 values take 1 KiB.
constexpr int kMostDigitBits = 8;

// Packs an item into an integer that sorts by id, then by mass: masses are not negative, so their
// bits order as their values do.
Key packed(const kernels::SketchItem& item) {
  return Key{item.id} << 32 | std::bit_cast<std::uint32_t>(item.mass);
}

std::uint32_t id_of(Key key) {
  return static_cast<std::uint32_t>(key >> 32);
}

float mass_of(Key key) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(key));
}

// Sorts by id alone, digit by digit: ids are small numbers in no order, on which a comparison sort
// spends its time in mispredicted branches. The digits are as short as their number allows.
void radix_sort_by_id(std::pmr::vector<Key>& keys, UpdateArena& arena) {
  std::uint32_t used_bits = 0;
  for (const Key key : keys) used_bits |= id_of(key);
  std::pmr::vector<Key> sorted(keys.size(), arena.resource());
  const int bits = std::bit_width(used_bits);
  const int digits = (bits + kMostDigitBits - 1) / kMostDigitBits;
  for (int index = 0; index < digits; ++index) {
    const int digit_bits = (bits + digits - 1) / digits;
    const std::uint32_t last_digit = (1U << digit_bits) - 1;
    const int shift = 32 + index * digit_bits;
    const auto digit = [=](Key key) {
      return static_cast<std::uint32_t>(key >> shift) & last_digit;
    };
    std::array<std::uint32_t, 1U << kMostDigitBits> count{};
    for (const Key key : keys) ++count[digit(key)];
    std::uint32_t place = 0;
    for (std::uint32_t& start : std::span(count).first(last_digit + 1)) {
      const std::uint32_t next = place + start;
      start = place;
      place = next;
    }
    for (const Key key : keys) sorted[count[digit(key)]++] = key;
    keys.swap(sorted);
  }
}

}  // namespace

std::pmr::vector<kernels::SketchItem> merged_items(std::span<const kernels::SketchItem> batch,
                                                   UpdateArena& arena) {
  std::pmr::vector<Key> keys(batch.size(), arena.resource());
  std::ranges::transform(batch, keys.begin(), packed);
  radix_sort_by_id(keys, arena);

  std::pmr::vector<kernels::SketchItem> merged(arena.resource());
  merged.reserve(keys.size());
  for (auto first = keys.begin(); first != keys.end();) {
    const std::uint32_t id = id_of(*first);
    auto last = first + 1;
    while (last != keys.end() && id_of(*last) == id) ++last;
    if (last - first > 1) std::sort(first, last);
    double mass = 0;
    for (; first != last; ++first) mass += mass_of(*first);
    merged.push_back({.id = id, .mass = static_cast<float>(mass)});
  }
  return merged;
}

}  // namespace sketchscope::sketch
