#include "gui/app/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/file_formats.hpp"
#include "engine/core/files.hpp"
#include "gui/app/layout_file.hpp"

namespace sketchscope::app {
namespace {

using Json = nlohmann::json;

/// Returns the number at a key, 1 without one, within its limits. It is read in double precision,
/// since a number beyond the range of float has no value as one.
float clamped(const Json& json, const char* key, float least, float most) {
  const double number = json.value(key, 1.0);
  return static_cast<float>(std::clamp(number, double{least}, double{most}));
}

Json recent_json(const std::vector<OpenTarget>& recent) {
  Json json = Json::array();
  for (const OpenTarget& opened : recent) {
    json.push_back({{"kind", target_kind_name(opened.kind)}, {"path", opened.path.string()}});
  }
  return json;
}

/// Reads recent paths, skipping kinds unknown to this version.
std::vector<OpenTarget> recent_from(const Json& json) {
  std::vector<OpenTarget> recent;
  for (const Json& entry : json) {
    const auto kind = target_kind_of(entry.at("kind").get<std::string>());
    if (kind) recent.push_back({*kind, entry.at("path").get<std::string>()});
  }
  if (recent.size() > kMostRecent) recent.resize(kMostRecent);
  return recent;
}

Json presets_json(const std::vector<view::Preset>& presets) {
  Json json = Json::array();
  for (const view::Preset& preset : presets) {
    json.push_back({{"name", preset.name}, {"knobs", settings::knobs_to_json(preset.knobs)}});
  }
  return json;
}

/// Reads presets, skipping those with knobs unknown to this version, out of range or in
/// contradiction.
std::vector<view::Preset> presets_from(const Json& json) {
  std::vector<view::Preset> presets;
  for (const Json& entry : json) {
    try {
      const settings::Knobs knobs = settings::recorded_knobs(entry.at("knobs"));
      settings::check_knobs(knobs);
      view::keep_preset(presets, entry.at("name"), knobs);
    } catch (const core::UsageError&) {
      continue;
    }
  }
  return presets;
}

Settings settings_from(const Json& json) {
  Settings settings;
  const bool light = json.value("theme", "dark") == "light";
  const bool safe = json.value("palette", "standard") == "safe";
  settings.brightness = light ? plot::Brightness::light : plot::Brightness::dark;
  settings.palette = safe ? plot::Palette::safe : plot::Palette::standard;
  settings.zoom = clamped(json, "zoom", Settings::kSmallestZoom, Settings::kLargestZoom);
  settings.layout = layout_from_json(json.value("layout", Json::object()));
  const Json layouts = json.value("layouts", Json::object());
  for (const auto& [name, layout] : layouts.items()) {
    settings.saved_layouts[name] = layout_from_json(layout);
  }
  settings.export_folder = json.value("export_folder", std::string());
  settings.tour_seen = json.value("tour_seen", false);
  settings.presets = presets_from(json.value("presets", Json::array()));
  settings.recent = recent_from(json.value("recent", Json::array()));
  return settings;
}

/// Throws Error on settings of a format that this version does not know.
void check_schema(const Json& json, const std::filesystem::path& file) {
  const auto schema = json.value("schema", std::string(core::kSettingsFormat.schema));
  if (core::kSettingsFormat.reads(schema)) return;
  throw core::Error({.what = "settings " + file.string(),
                     .found = "format '" + schema + "'",
                     .expected = std::string(core::kSettingsFormat.schema),
                     .remedy = "They are left as they are, for " +
                               json.value(core::kReadBy, std::string("a later version")) +
                               "; this window starts with its defaults and keeps no settings"});
}

}  // namespace

std::filesystem::path settings_file() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value != nullptr ? value : "");
  };
  std::filesystem::path folder = variable("XDG_CONFIG_HOME");
  // The XDG specification requires that a relative path is ignored.
  if (!folder.is_absolute()) {
    const auto home = variable("HOME");
    if (home.empty()) return {};
    folder = home / ".config";
  }
  return folder / "sketchscope" / "settings.json";
}

void remember_opened(Settings& settings, const OpenTarget& opened) {
  std::erase(settings.recent, opened);
  settings.recent.insert(settings.recent.begin(), opened);
  if (settings.recent.size() > kMostRecent) settings.recent.resize(kMostRecent);
}

Settings read_settings(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  try {
    const Json json = core::parse_json_object(core::read_file(file), "settings " + file.string());
    check_schema(json, file);
    return settings_from(json);
  } catch (const std::exception& error) {
    // Both errors come from files that a person wrote by hand, with a wrong type or an unknown
    // side.
    if (dynamic_cast<const Json::exception*>(&error) == nullptr &&
        dynamic_cast<const core::UsageError*>(&error) == nullptr) {
      throw;
    }
    throw core::Error(
        {.what = "settings " + file.string(),
         .found = error.what(),
         .expected = "what the window writes there",
         .remedy = "Remove the file; the window starts with its defaults until then"});
  }
}

void write_settings(const std::filesystem::path& file, const Settings& settings) {
  Json layouts = Json::object();
  for (const auto& [name, layout] : settings.saved_layouts) layouts[name] = layout_json(layout);
  const Json json = {{"schema", core::kSettingsFormat.schema},
                     {core::kReadBy, core::kSettingsFormat.read_by()},
                     {"theme", settings.brightness == plot::Brightness::light ? "light" : "dark"},
                     {"palette", settings.palette == plot::Palette::safe ? "safe" : "standard"},
                     {"zoom", settings.zoom},
                     {"layout", layout_json(settings.layout)},
                     {"layouts", layouts},
                     {"export_folder", settings.export_folder.string()},
                     {"tour_seen", settings.tour_seen},
                     {"presets", presets_json(settings.presets)},
                     {"recent", recent_json(settings.recent)}};
  core::make_folder(file.parent_path());
  core::write_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

SettingsStore::SettingsStore(std::filesystem::path file, NoticeBoard& notices)
    : file_(std::move(file)), notices_(notices) {
  if (file_.empty()) return;
  try {
    settings_ = read_settings(file_);
  } catch (const core::Error& error) {
    notices_.add_error(error.what());
    file_.clear();
  }
}

void SettingsStore::change(const std::function<void(Settings&)>& change) {
  const Settings before = settings_;
  change(settings_);
  if (settings_ == before || file_.empty()) return;
  try {
    write_settings(file_, settings_);
  } catch (const core::Error& error) {
    notices_.add_error(error.what());
  }
}

}  // namespace sketchscope::app
