#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gui/app/layout.hpp"
#include "gui/app/openable.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/presets.hpp"

namespace sketchscope {

/// What the window remembers of a person, from one start to the next.
struct Settings {
  Brightness brightness = Brightness::dark;
  Palette palette = Palette::standard;
  float zoom = 1;
  LayoutChoice layout;
  std::map<std::string, LayoutChoice> saved_layouts;
  std::vector<Preset> presets;   ///< of one's own
  std::vector<Openable> recent;  ///< what was opened, the latest first
  bool tour_seen = false;        ///< or declined

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// $XDG_CONFIG_HOME/sketchscope/settings.json, or ~/.config/… Empty without a home.
std::filesystem::path settings_file();

/// Puts it first; forgets the oldest where there are too many.
inline constexpr std::size_t kMostRecent = 8;
void remember_opened(Settings& settings, const Openable& opened);

/// The defaults where there is no such file. Throws Error on a damaged one.
Settings read_settings(const std::filesystem::path& file);
/// Makes the folder; written beside and renamed. Throws Error.
void write_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace sketchscope
