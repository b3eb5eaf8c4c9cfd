#include "gui/app/layout_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/file_formats.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::app {
namespace {

using LayoutJson = nlohmann::json;

/// Returns a number within its limits. It is read in double precision, since a number beyond the
/// range of float has no value as one.
float within(double number, float least, float most) {
  return static_cast<float>(std::clamp(number, double{least}, double{most}));
}

std::map<std::string, float> sizes_from(const LayoutJson& json, const char* key) {
  std::map<std::string, float> sizes;
  const LayoutJson all = json.value(key, LayoutJson::object());
  for (const auto& [panel, size] : all.items()) {
    sizes[panel] =
        within(size.get<double>(), LayoutChoice::kSmallestSize, LayoutChoice::kLargestSize);
  }
  return sizes;
}

}  // namespace

nlohmann::json layout_json(const LayoutChoice& layout) {
  LayoutJson moves = LayoutJson::array();
  for (const Move& move : layout.moves) {
    moves.push_back(
        {{"panel", move.panel}, {"side", side_name(move.side)}, {"beside", move.beside}});
  }
  return {{"hidden", layout.hidden},   {"front", layout.front},  {"left", layout.left},
          {"right", layout.right},     {"below", layout.below},  {"moves", moves},
          {"heights", layout.heights}, {"widths", layout.widths}};
}

LayoutChoice layout_from_json(const nlohmann::json& json) {
  const auto share = [&](const char* key) {
    return within(json.value(key, 1.0), LayoutChoice::kSmallest, LayoutChoice::kLargest);
  };
  LayoutChoice layout{.hidden = json.value("hidden", std::set<std::string>()),
                      .front = json.value("front", std::vector<std::string>()),
                      .left = share("left"),
                      .right = share("right"),
                      .below = share("below")};
  for (const LayoutJson& move : json.value("moves", LayoutJson::array())) {
    layout.moves.push_back({.panel = move.at("panel").get<std::string>(),
                            .side = side_of(move.at("side").get<std::string>()),
                            .beside = move.at("beside").get<std::string>()});
  }
  layout.heights = sizes_from(json, "heights");
  layout.widths = sizes_from(json, "widths");
  return layout;
}

void write_layout(const std::filesystem::path& file, const LayoutChoice& layout) {
  LayoutJson json = layout_json(layout);
  json["schema"] = core::kLayoutFormat.schema;
  json[core::kReadBy] = core::kLayoutFormat.read_by();
  core::write_file(file, json.dump(2, ' ', false, LayoutJson::error_handler_t::replace) + "\n");
}

LayoutChoice read_layout(const std::filesystem::path& file) {
  const std::string what = "layout " + file.string();
  const LayoutJson json = core::parse_json_object(core::read_file(file), what);
  const auto no_layout = [&](const std::string& found) {
    return core::Error({.what = what,
                        .found = found,
                        .expected = "what `Layout: write to a file…` writes, " +
                                    std::string(core::kLayoutFormat.schema)});
  };
  try {
    const auto schema = json.value("schema", std::string("no schema"));
    if (!core::kLayoutFormat.reads(schema)) throw no_layout("'" + schema + "'");
    return layout_from_json(json);
  } catch (const LayoutJson::exception& error) {
    throw no_layout(error.what());
  }
}

}  // namespace sketchscope::app
