#include "gui/panels/attention_picture.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "gui/view/attention_map.hpp"

namespace sketchscope::panels {
namespace {

std::int16_t larger_of(std::int16_t one, std::int16_t other) {
  return std::abs(other) > std::abs(one) ? other : one;
}

/// Puts levels of larger size in the place of those that are there.
void take_larger(std::span<const std::int16_t> levels, std::span<std::int16_t> into) {
  // Copies of fixed size are compared by the compiler in a few instructions.
  constexpr std::ptrdiff_t kAtOnce = 16;
  using Group = std::array<std::int16_t, kAtOnce>;
  auto level = levels.begin();
  auto place = into.begin();
  for (; levels.end() - level >= kAtOnce; level += kAtOnce, place += kAtOnce) {
    Group known;
    Group found;
    std::copy_n(place, kAtOnce, known.begin());
    std::copy_n(level, kAtOnce, found.begin());
    for (std::size_t i = 0; i < known.size(); ++i) known[i] = larger_of(known[i], found[i]);
    std::ranges::copy(known, place);
  }
  for (; level != levels.end(); ++level, ++place) *place = larger_of(*place, *level);
}

/// Writes the levels of largest size of the queries [first, end), which ascend in columns.
void join_queries(const view::ReducedAttention& attention, int head, int first, int end,
                  std::vector<std::int16_t>& joined) {
  joined.assign(static_cast<std::size_t>(attention.columns_of(end - 1)), 0);
  for (int query = first; query < end; ++query) {
    take_larger(attention.levels(query, head), joined);
  }
}

}  // namespace

LevelColors::LevelColors(const plot::Theme& theme, view::AttentionSide side)
    : side_(side), ends_(ends_of(theme)), unseen_(theme.card) {
  for (int level = -view::kLargestLevel; level <= view::kLargestLevel; ++level) {
    plot::Color& color = colors_[static_cast<std::size_t>(level + view::kLargestLevel)];
    if (side == view::AttentionSide::difference) {
      const double size = std::abs(level) / static_cast<double>(view::kLargestLevel);
      color = plot::mix(theme.control, level < 0 ? theme.bad : theme.kept, size);
    } else {
      const float mass = run::attention_mass(static_cast<std::uint8_t>(std::max(level, 0)));
      color = level > 0 ? plot::viridis(view::mass_heat(mass)) : theme.evicted;
    }
  }
}

plot::Image attention_picture(const view::ReducedAttention& attention, int head, int most_rows,
                              const LevelColors& colors) {
  const int queries = attention.queries();
  const int columns = attention.columns();
  plot::Image picture{.width = columns, .height = std::clamp(most_rows, 0, queries), .pixels = {}};
  const auto width = static_cast<std::size_t>(columns);
  picture.pixels.assign(width * static_cast<std::size_t>(picture.height), colors.unseen());
  std::vector<std::int16_t> joined;
  auto place = picture.pixels.begin();
  for (int row = 0; row < picture.height; ++row, place += columns) {
    const int first = row * queries / picture.height;
    const int end = (row + 1) * queries / picture.height;
    const bool is_one = end - first == 1;
    if (!is_one) join_queries(attention, head, first, end, joined);
    const std::span<const std::int16_t> levels =
        is_one ? attention.levels(first, head) : std::span<const std::int16_t>(joined);
    std::ranges::transform(levels, place, [&](std::int16_t level) { return colors.of(level); });
  }
  return picture;
}

}  // namespace sketchscope::panels
