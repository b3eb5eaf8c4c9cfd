#include "engine/decode/degeneracy.hpp"

#include <algorithm>
#include <span>

namespace sketchscope::decode {
namespace {

std::vector<int> sorted_positions(const TableView& table) {
  std::vector<int> positions(table.positions().begin(), table.positions().end());
  std::ranges::sort(positions);
  return positions;
}

int lost(const Lane& lane, const TableView& table) {
  return static_cast<int>(lane.tokens().size()) - table.stored();
}

// After the first few victims any policy may look like any other.
bool turned_over(const Lane& lane, const TableView& table) {
  const int left = lost(lane, table);
  return left > 0 && left >= table.stored();
}

bool holds_window(const Lane& lane, const TableView& table) {
  const std::span<const int> positions = table.positions();
  const int sinks = lane.knobs().sinks;
  const auto fed = static_cast<int>(lane.tokens().size());
  const int recent = fed - (static_cast<int>(positions.size()) - sinks);
  return std::ranges::all_of(positions,
                             [&](int position) { return position < sinks || position >= recent; });
}

void count_items(const LayerView& layer, Degeneracy& found) {
  std::vector<std::uint32_t> ids;
  for (const TableView& table : layer.tables()) {
    const sketch::ItemMap items = table.items();
    items.add_ids(ids);
    // Heads that share their items by definition of the key share them without a collision.
    if (items.key != sketch::SketchKey::head_position) break;
  }
  found.stored_items += ids.size();
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  found.distinct_items += ids.size() - repeated.size();
}

std::string of_all(int count, int whole, const char* what) {
  return std::to_string(count) + " of " + std::to_string(whole) + " " + what;
}

}  // namespace

Degeneracy& Degeneracy::operator+=(const Degeneracy& other) {
  protection_fills_capacity |= other.protection_fills_capacity;
  tables += other.tables;
  like_window += other.like_window;
  layers_apart += other.layers_apart;
  heads_alike += other.heads_alike;
  stored_items += other.stored_items;
  distinct_items += other.distinct_items;
  decided += other.decided;
  return *this;
}

Degeneracy degeneracy_of(const Lane& lane) {
  const settings::Knobs& knobs = lane.knobs();
  Degeneracy found{.decided = lane.decisions()};
  if (!lane.policy().evicts()) return found;
  found.protection_fills_capacity =
      knobs.sinks + settings::protected_latest(knobs) > knobs.max_cache_size;
  for (const LayerView& layer : lane.layers()) {
    for (const TableView& table : layer.tables()) {
      if (!turned_over(lane, table)) continue;
      ++found.tables;
      found.like_window += holds_window(lane, table) ? 1 : 0;
    }
    if (layer.sketch()) count_items(layer, found);
    if (layer.table_count() == 1 || !turned_over(lane, layer.table(0))) continue;
    ++found.layers_apart;
    const std::vector<int> first = sorted_positions(layer.table(0));
    const bool alike = std::ranges::all_of(
        layer.tables(), [&](const TableView& table) { return sorted_positions(table) == first; });
    found.heads_alike += alike ? 1 : 0;
  }
  return found;
}

std::vector<std::string> warnings(const Degeneracy& found, const settings::Knobs& knobs) {
  std::vector<std::string> sentences;
  if (found.protection_fills_capacity) {
    const bool observed = settings::protected_latest(knobs) > std::max(knobs.recent_window, 1);
    sentences.push_back(
        "sinks " + std::to_string(knobs.sinks) +
        (observed ? " and the " + std::to_string(settings::protected_latest(knobs)) +
                        " latest positions, which policy " + knobs.policy.name() + " observes,"
                  : " and recent_window " + std::to_string(knobs.recent_window)) +
        " protect all " + std::to_string(knobs.max_cache_size) +
        " slots: the policy has no choice; lower them or raise max_cache_size");
  } else if (!knobs.policy->keeps_latest && found.tables > 0 && found.like_window == found.tables) {
    sentences.push_back("every table holds just the sinks and the latest positions: policy " +
                        knobs.policy.name() + " kept what window would keep");
  }
  if (found.layers_apart > 0 && found.heads_alike == found.layers_apart) {
    sentences.push_back(
        "all heads hold the same positions, in " +
        of_all(found.heads_alike, found.layers_apart, "layers") +
        ": granularity head changes nothing here" +
        (settings::uses_sketch(knobs) && knobs.sketch_key != sketch::SketchKey::head_position
             ? "; sketch_key head-position tells heads apart"
             : ""));
  }
  // Equal tokens are one item on purpose; a twentieth lost is what a person would notice.
  const bool collide = found.distinct_items * 20 < found.stored_items * 19;
  if (collide && knobs.sketch_key == sketch::SketchKey::key_lsh) {
    sentences.push_back(std::to_string(found.stored_items) + " stored keys have only " +
                        std::to_string(found.distinct_items) +
                        " codes: they collide before the sketch counts; raise lsh_bits");
  }
  return sentences;
}

std::vector<std::string> idle_warnings(const Degeneracy& found, const settings::Knobs& knobs) {
  const bool said = found.tables > 0 && found.like_window == found.tables;
  Decisions decided = found.decided;
  // Tables that hold what window would hold were spoken of already.
  if (said) decided.unlike_window = std::max<std::int64_t>(decided.unlike_window, 1);
  return idle_knobs(decided, knobs);
}

double global_eviction_ratio(const Lane& lane) {
  const std::size_t fed = lane.tokens().size();
  return fed > 0 ? static_cast<double>(lane.gone_positions()) / static_cast<double>(fed) : 0;
}

TablesAlike tables_alike(const Lane& left, const Lane& right) {
  TablesAlike found;
  const std::vector<LayerView> left_layers = left.layers(), right_layers = right.layers();
  const std::size_t layers = std::min(left_layers.size(), right_layers.size());
  for (std::size_t layer = 0; layer < layers; ++layer) {
    const LayerView &one = left_layers[layer], &other = right_layers[layer];
    // A table of all heads is compared with that of each head.
    const int tables = std::max(one.table_count(), other.table_count());
    for (int table = 0; table < tables; ++table) {
      const TableView a = one.table(table % one.table_count());
      const TableView b = other.table(table % other.table_count());
      if (lost(left, a) == 0 && lost(right, b) == 0) continue;
      ++found.compared;
      found.alike += sorted_positions(a) == sorted_positions(b) ? 1 : 0;
    }
  }
  return found;
}

std::vector<std::string> comparison_warnings(const Lane& left, const Lane& right) {
  const policy::PolicyChoice one = left.knobs().policy, other = right.knobs().policy;
  if (one == other || degeneracy_of(left).tables == 0) return {};
  const TablesAlike found = tables_alike(left, right);
  if (found.compared == 0 || found.alike < found.compared) return {};
  return {"policies " + one.name() + " and " + other.name() + " hold the same positions, in " +
          of_all(found.alike, found.compared, "tables") + ": their comparison compares nothing"};
}

}  // namespace sketchscope::decode
