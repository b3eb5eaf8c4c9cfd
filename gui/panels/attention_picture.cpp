#include "gui/panels/attention_picture.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "gui/view/attention_map.hpp"

namespace sketchscope::panels {
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

void AttentionPicture::show(const view::ReducedAttention& attention, int head,
                            const LevelColors& colors) {
  const plot::Image before = std::exchange(
      image_, {.width = attention.columns(), .height = attention.blocks(), .pixels = {}});
  const std::vector<std::uint64_t> known = std::exchange(revisions_, {});
  image_.pixels.reserve(static_cast<std::size_t>(image_.width * image_.height));
  for (int block = 0; block < attention.blocks(); ++block) {
    revisions_.push_back(attention.revision_of(block));
    const auto there = std::ranges::find(known, revisions_.back()) - known.begin();
    // A row that was drawn before may have become wider, by keys that its queries do not see.
    const auto levels = attention.levels(block, head);
    if (there < std::ssize(known)) {
      const auto row = before.pixels.begin() + there * before.width;
      image_.pixels.insert(image_.pixels.end(), row, row + std::ssize(levels));
    } else {
      std::ranges::transform(levels, std::back_inserter(image_.pixels),
                             [&](std::int16_t level) { return colors.of(level); });
    }
    image_.pixels.resize(static_cast<std::size_t>(image_.width * (block + 1)), colors.unseen());
  }
}

}  // namespace sketchscope::panels
