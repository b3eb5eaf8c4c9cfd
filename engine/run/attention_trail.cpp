#include "engine/run/attention_trail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/decode/lane.hpp"
#include "engine/run/attended_slots.hpp"
#include "engine/run/watched_run.hpp"

namespace sketchscope::run {
namespace {

// Code 0 is a position that is not stored, so that the roots of masses from 0 to 1 have the codes 1
// to 255.
constexpr float kSteps = 254;

/// Writes the codes of one layer, (H, P). Returns the number of heads; 0 without attention.
int write_layer(const decode::LayerView& layer, std::size_t positions,
                std::vector<std::uint8_t>& codes) {
  const std::size_t first = codes.size();
  const auto make_room = [&](int heads) {
    codes.resize(std::max(codes.size(), first + static_cast<std::size_t>(heads) * positions), 0);
  };
  const int heads = for_each_attended(layer, [&](int head, int position, float mass) {
    make_room(head + 1);
    const auto column = static_cast<std::size_t>(position);
    if (column >= positions) return;
    codes[first + static_cast<std::size_t>(head) * positions + column] = attention_code(mass);
  });
  make_room(heads);
  return heads;
}

/// Writes the codes of all layers, (L, H, P). Returns the number of heads; 0 without attention.
int write_lane(const decode::Lane& lane, std::size_t positions, std::vector<std::uint8_t>& codes) {
  int heads = 0;
  for (const decode::LayerView& layer : lane.layers()) {
    heads = write_layer(layer, positions, codes);
    if (heads == 0) break;
  }
  if (heads == 0) codes.clear();
  return heads;
}

}  // namespace

std::uint8_t attention_code(float mass) {
  if (!(mass >= 0)) return 1;
  return static_cast<std::uint8_t>(1 + std::lround(kSteps * std::sqrt(std::min(mass, 1.0F))));
}

float attention_mass(std::uint8_t code) {
  if (code == 0) return std::numeric_limits<float>::quiet_NaN();
  const float root = static_cast<float>(code - 1) / kSteps;
  return root * root;
}

void AttentionTrail::note_step(const WatchedRun& run) {
  const std::size_t positions = run.lane().tokens().size();
  auto row = std::make_shared<AttentionRow>(
      AttentionRow{.step = run.steps() - 1,
                   .layers = static_cast<int>(run.lane().layers().size()),
                   .positions = static_cast<int>(positions)});
  row->heads = write_lane(run.lane(), positions, row->lane);
  if (row->heads == 0) return;
  if (run.twin() != nullptr) write_lane(*run.twin(), positions, row->twin);
  if (row->twin.size() != row->lane.size()) row->twin.clear();
  // After a rewind the steps that follow it are made again.
  while (!rows_.empty() && rows_.back()->step >= row->step) {
    bytes_ -= rows_.back()->lane.size() + rows_.back()->twin.size();
    rows_.pop_back();
  }
  bytes_ += row->lane.size() + row->twin.size();
  rows_.push_back(std::move(row));
  while (rows_.size() > kMostRows || (bytes_ > kMostBytes && rows_.size() > 1)) {
    bytes_ -= rows_.front()->lane.size() + rows_.front()->twin.size();
    rows_.pop_front();
  }
}

void AttentionTrail::forget() {
  rows_.clear();
  bytes_ = 0;
}

}  // namespace sketchscope::run
