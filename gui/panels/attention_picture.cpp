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

plot::ImagePart AttentionPictures::part(int head) const {
  const int blocks = static_cast<int>(revisions_.size());
  return {.column = head % across_ * columns_,
          .row = head / across_ * blocks,
          .width = columns_,
          .height = blocks};
}

std::size_t AttentionPictures::begin_of(int head, int block) const {
  const plot::ImagePart all = part(head);
  return static_cast<std::size_t>(all.row + block) * static_cast<std::size_t>(sheet_.width) +
         static_cast<std::size_t>(all.column);
}

void AttentionPictures::show(const view::ReducedAttention& attention, int across,
                             const LevelColors& colors) {
  const AttentionPictures before = std::exchange(*this, {});
  across_ = across;
  columns_ = attention.columns();
  for (int block = 0; block < attention.blocks(); ++block) {
    revisions_.push_back(attention.revision_of(block));
  }
  const int down = (attention.heads() + across - 1) / across;
  sheet_ = {.width = across * columns_, .height = down * attention.blocks(), .pixels = {}};
  sheet_.pixels.assign(
      static_cast<std::size_t>(sheet_.width) * static_cast<std::size_t>(sheet_.height),
      colors.unseen());
  for (int block = 0; block < attention.blocks(); ++block) {
    const auto revision = revisions_[static_cast<std::size_t>(block)];
    const auto there = std::ranges::find(before.revisions_, revision) - before.revisions_.begin();
    const bool known = there < std::ssize(before.revisions_) && before.across_ == across;
    for (int head = 0; head < attention.heads(); ++head) {
      const auto row = sheet_.pixels.begin() + static_cast<std::ptrdiff_t>(begin_of(head, block));
      const auto levels = attention.levels(block, head);
      if (known) {
        // The picture may have become wider, by keys that these queries do not see.
        const std::size_t old = before.begin_of(head, static_cast<int>(there));
        std::copy_n(before.sheet_.pixels.begin() + static_cast<std::ptrdiff_t>(old), levels.size(),
                    row);
      } else {
        std::ranges::transform(levels, row, [&](std::int16_t level) { return colors.of(level); });
      }
    }
  }
}

}  // namespace sketchscope::panels
