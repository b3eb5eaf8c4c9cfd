#include "gui/view/occupancy.hpp"

#include <algorithm>
#include <array>

#include "gui/view/history.hpp"

namespace sketchscope::view {
namespace {

/// Fills one table's row, (P).
void fill_row(std::span<const std::int64_t> evicted_at, std::int64_t step,
              const settings::Knobs& knobs, std::span<SlotStatus> row) {
  const bool protects = knobs.policy->evicts;
  int recent_left = protects ? settings::protected_latest(knobs) : 0;
  for (std::size_t index = row.size(); index-- > 0;) {
    const std::int64_t left = evicted_at[index];
    if (left <= step) {
      row[index] = left == step ? SlotStatus::evicted_now : SlotStatus::evicted;
    } else if (protects && static_cast<int>(index) < knobs.sinks) {
      row[index] = SlotStatus::sink;
    } else {
      row[index] = recent_left > 0 ? SlotStatus::recent : SlotStatus::kept;
      --recent_left;
    }
  }
}

/// Returns the color of a pixel for these positions and `unseen` ones beyond them.
plot::Color mean_color(std::span<const SlotStatus> group, int unseen, const StatusColors& colors) {
  if (group.size() == 1 && unseen == 0) return colors[static_cast<std::size_t>(group.front())];
  std::array<std::size_t, kSlotStatuses> counts{};
  for (const SlotStatus status : group) ++counts[static_cast<std::size_t>(status)];
  counts[static_cast<std::size_t>(SlotStatus::unseen)] += static_cast<std::size_t>(unseen);
  const std::size_t positions = group.size() + static_cast<std::size_t>(unseen);
  constexpr auto kNow = static_cast<std::size_t>(SlotStatus::evicted_now);
  if (counts[kNow] > 0) return colors[kNow];
  const auto mean = [&](std::uint8_t plot::Color::*channel) {
    std::size_t sum = 0;
    for (std::size_t status = 0; status < counts.size(); ++status) {
      sum += counts[status] * (colors[status].*channel);
    }
    return static_cast<std::uint8_t>(sum / positions);
  };
  return {mean(&plot::Color::red), mean(&plot::Color::green), mean(&plot::Color::blue),
          mean(&plot::Color::alpha)};
}

/// Returns a rank of statuses, from evicted to best kept.
int standing(SlotStatus status) {
  constexpr std::array<int, kSlotStatuses> kStandings = {0, 5, 3, 4, 1, 2};
  return kStandings[static_cast<std::size_t>(status)];
}

}  // namespace

SlotStatus Occupancy::at(int row, int position) const {
  if (row < 0 || row >= rows || position < 0 || position >= positions) {
    return SlotStatus::unseen;
  }
  return status[static_cast<std::size_t>(row) * static_cast<std::size_t>(positions) +
                static_cast<std::size_t>(position)];
}

std::span<const SlotStatus> Occupancy::row(int row) const {
  return this->row(row, 0, positions);
}

std::span<const SlotStatus> Occupancy::row(int row, int first, int end) const {
  const auto width = static_cast<std::size_t>(positions);
  return std::span(status)
      .subspan(static_cast<std::size_t>(row) * width, width)
      .first(static_cast<std::size_t>(end))
      .subspan(static_cast<std::size_t>(first));
}

Occupancy occupancy_at(const History& history, std::int64_t step, const settings::Knobs& knobs) {
  Occupancy occupancy;
  occupancy.step = step;
  occupancy.positions = history.positions_at(step);
  const auto width = static_cast<std::size_t>(occupancy.positions);
  for (const LayerHistory& layer : history.layers()) {
    occupancy.heads = static_cast<int>(layer.evicted_at.size());
    for (const auto& evicted_at : layer.evicted_at) {
      occupancy.status.resize(occupancy.status.size() + width, SlotStatus::unseen);
      const std::span<SlotStatus> row = std::span(occupancy.status).last(width);
      fill_row(evicted_at, step, knobs, row);
      occupancy.stored.push_back(static_cast<int>(std::ranges::count_if(row, is_stored)));
      ++occupancy.rows;
    }
  }
  return occupancy;
}

Holding holding_of(const Occupancy& occupancy, int position) {
  Holding holding;
  for (int row = 0; row < occupancy.rows; ++row) {
    const SlotStatus status = occupancy.at(row, position);
    holding.tables += is_stored(status) ? 1 : 0;
    if (standing(status) > standing(holding.best)) holding.best = status;
  }
  return holding;
}

std::vector<plot::Color> occupancy_pixels(const Occupancy& occupancy, PositionRange shown,
                                          int columns, const StatusColors& colors) {
  const auto border = [&](int column) {
    const std::int64_t offset = static_cast<std::int64_t>(column) * shown.count() / columns;
    return shown.first + static_cast<int>(offset);
  };
  std::vector<plot::Color> pixels;
  pixels.reserve(static_cast<std::size_t>(occupancy.rows) * static_cast<std::size_t>(columns));
  for (int row = 0; row < occupancy.rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int first = border(column);
      const int end = std::max(border(column + 1), first + 1);
      const int seen = std::clamp(occupancy.positions, first, end);
      const auto group =
          seen > first ? occupancy.row(row, first, seen) : std::span<const SlotStatus>();
      pixels.push_back(mean_color(group, end - seen, colors));
    }
  }
  return pixels;
}

const Occupancy& OccupancyCache::at(const History& history, const settings::Knobs& applied,
                                    std::int64_t step) {
  const bool current = revision_ > 0 && history_revision_ == history.revision() &&
                       history_generation_ == history.generation() && occupancy_.step == step &&
                       applied_ == applied;
  if (!current) {
    occupancy_ = occupancy_at(history, step, knobs_at(history, applied, step));
    applied_ = applied;
    history_revision_ = history.revision();
    history_generation_ = history.generation();
    ++revision_;
  }
  return occupancy_;
}

TokenChip token_chip(const History& history, const TokenText& text, int position) {
  TokenChip chip{.position = position,
                 .text = text.of(history.tokens()[static_cast<std::size_t>(position)]),
                 .prompt = position < history.prompt_length()};
  chip.spaced = chip.text.size() > 1 && chip.text.front() == ' ';
  if (chip.spaced) chip.text.remove_prefix(1);
  if (!text.knows_words()) chip.spaced = true;
  chip.ends_line = chip.text.ends_with("⏎");
  return chip;
}

}  // namespace sketchscope::view
