#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "gui/app/layout.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// What the window remembers of a person, from one start to the next.
struct Settings {
  Brightness brightness = Brightness::dark;
  Palette palette = Palette::standard;
  float zoom = 1;
  LayoutChoice layout;
  std::map<std::string, LayoutChoice> saved_layouts;

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// $XDG_CONFIG_HOME/sketchscope/settings.json, or ~/.config/… Empty without a home.
std::filesystem::path settings_file();

/// The defaults where there is no such file. Throws Error on a damaged one.
Settings read_settings(const std::filesystem::path& file);
/// Makes the folder; written beside and renamed. Throws Error.
void write_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace sketchscope
