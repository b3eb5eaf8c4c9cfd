#include "engine/run/saved_layers.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/run/state_arrays.hpp"

namespace sketchscope::run {
namespace {

using Json = nlohmann::json;

/// Writes the arrays of a layer or of a table, in a folder of the archive.
template <typename Arrays, typename Owner>
void write_state(record::ArrayWriter& writer, const Arrays& arrays, const std::string& folder,
                 const Owner& owner) {
  for_each_state_array(arrays, [&](const auto& array) {
    writer.array(folder + std::string(array.name), owner.*array.member);
  });
}

/// Reads the arrays of a layer or of a table.
template <typename Owner, typename Arrays>
Owner read_state(const record::ArrayReader& reader, const Arrays& arrays,
                 const std::string& folder) {
  Owner owner;
  for_each_state_array(arrays, [&]<typename Number>(const StateArray<Owner, Number>& array) {
    const std::string name = folder + std::string(array.name);
    if (array.may_be_missing && !reader.has(name)) return;
    owner.*array.member = reader.array<Number>(name);
    for (const Number value : owner.*array.member) {
      const auto number = static_cast<double>(value);
      if (array.may_hold_nan && std::isnan(number)) continue;
      reader.require_within(name, number, array.limits);
    }
  });
  return owner;
}

/// Throws Error unless an array is empty or of a size.
void require_size(const record::ArrayReader& arrays, const std::string& name, std::size_t found,
                  std::size_t size) {
  if (found == 0 || found == size) return;
  throw arrays.damaged(name + " of " + std::to_string(found) + " numbers in place of " +
                       std::to_string(size));
}

TableState read_table(const record::ArrayReader& arrays, const std::string& folder, int positions) {
  auto state = read_state<TableState>(arrays, kTableArrays, folder);
  for (const int position : state.positions) {
    if (position < -1 || position >= positions) {
      throw arrays.damaged("position " + std::to_string(position) + " in " + folder);
    }
  }
  if (state.scores.size() != state.positions.size()) {
    throw arrays.damaged("scores that do not fit the slots in " + folder);
  }
  const auto by_position = static_cast<std::size_t>(positions);
  require_size(arrays, folder + "exact_mass", state.exact_mass.size(), by_position);
  require_size(arrays, folder + "regret", state.regret.size(), by_position);
  require_size(arrays, folder + "estimates", state.estimates.size(), by_position);
  require_size(arrays, folder + "codes", state.codes.size(), by_position);
  return state;
}

/// Reads a finite number from 0.
double read_number(const Json& json, const char* name, const record::ArrayReader& arrays) {
  const auto number = json.at(name).get<double>();
  arrays.require_within(std::string(name) + " of run.json", number, {});
  return number;
}

LayerState read_layer(const Json& facts, const record::ArrayReader& arrays,
                      const std::string& index, const LastStep& last) {
  const std::string folder = layer_folder(index);
  const int positions = last.record.position + 1;
  auto layer = read_state<LayerState>(arrays, kLayerArrays, folder);
  const auto attended = static_cast<std::size_t>(positions) * static_cast<std::size_t>(last.heads);
  require_size(arrays, folder + "attention", layer.attention.size(), attended);
  require_size(arrays, folder + "twin_attention", layer.twin_attention.size(), attended);
  require_size(arrays, folder + "cells", layer.cells.size(),
               static_cast<std::size_t>(last.knobs.sketch_depth) *
                   static_cast<std::size_t>(last.knobs.sketch_width));
  layer.total_mass = read_number(facts, "total_mass", arrays);
  layer.error_bound.above = read_number(facts, "error_above", arrays);
  layer.error_bound.below = read_number(facts, "error_below", arrays);
  layer.error_bound.failure = read_number(facts, "error_failure", arrays);
  layer.sketch_bytes = read_bytes(facts, "sketch_bytes", arrays);
  layer.exact_bytes = read_bytes(facts, "exact_bytes", arrays);
  facts.at("approximate").get_to(layer.approximate);
  const std::size_t tables = read_bytes(facts, "tables", arrays);
  for (std::size_t table = 0; table < tables; ++table) {
    layer.tables.push_back(
        read_table(arrays, table_folder(index, std::to_string(table)), positions));
  }
  return layer;
}

}  // namespace

void write_layers(record::ArrayWriter& arrays, const std::vector<LayerState>& layers) {
  for (std::size_t index = 0; index < layers.size(); ++index) {
    const std::string layer = std::to_string(index);
    write_state(arrays, kLayerArrays, layer_folder(layer), layers[index]);
    for (std::size_t table = 0; table < layers[index].tables.size(); ++table) {
      write_state(arrays, kTableArrays, table_folder(layer, std::to_string(table)),
                  layers[index].tables[table]);
    }
  }
}

Json layers_json(const std::vector<LayerState>& layers) {
  Json json = Json::array();
  for (const LayerState& layer : layers) {
    json.push_back({{"tables", layer.tables.size()},
                    {"total_mass", layer.total_mass},
                    {"error_above", layer.error_bound.above},
                    {"error_below", layer.error_bound.below},
                    {"error_failure", layer.error_bound.failure},
                    {"sketch_bytes", layer.sketch_bytes},
                    {"exact_bytes", layer.exact_bytes},
                    {"approximate", layer.approximate}});
  }
  return json;
}

std::vector<LayerState> read_layers(const Json& json, const record::ArrayReader& arrays,
                                    const LastStep& last) {
  if (json.size() != last.record.layers.size()) {
    throw arrays.damaged(std::to_string(json.size()) + " layers after the last step, which has " +
                         std::to_string(last.record.layers.size()));
  }
  std::vector<LayerState> layers;
  for (const Json& facts : json) {
    layers.push_back(read_layer(facts, arrays, std::to_string(layers.size()), last));
  }
  return layers;
}

std::size_t read_bytes(const Json& json, const std::string& name,
                       const record::ArrayReader& arrays) {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  const Json& bytes = json.at(name);
  const bool sound = bytes.is_number_integer() && bytes.get<std::int64_t>() >= 0 &&
                     bytes.get<std::int64_t>() <= kMost;
  if (!sound) throw arrays.damaged(name + " of run.json: " + core::brief(bytes));
  return bytes.get<std::size_t>();
}

}  // namespace sketchscope::run
