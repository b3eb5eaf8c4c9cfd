#include <cstdlib>

#include "cli/finding.hpp"
#include "engine/core/error.hpp"
#include "gui/app/fonts.hpp"
#include "gui/app/settings.hpp"
#include "gui/platform/platform.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kRegularWeight = 80;  // as fontconfig counts

Finding find_font_family(const char* family, const char* generic, const char* package) {
  const std::string what = std::string("font ") + family;
  try {
    const app::FontFile font = app::find_font(family, kRegularWeight, generic);
    if (font.wanted) return {.what = what, .found = font.path};
    return {.what = what,
            .found = "not installed; " + font.family + " is used instead",
            .remedy = std::string("apt-get install ") + package};
  } catch (const core::Error& error) {
    return {.what = what, .found = "not installed", .remedy = error.what()};
  }
}

Finding find_drawing() {
  try {
    constexpr plot::Size kSmall{64, 64};
    static_cast<void>(platform::open_offscreen(kSmall));
    return {.what = "pictures", .found = "drawn without a display"};
  } catch (const core::Error& error) {
    return {.what = "pictures", .found = "cannot be drawn", .remedy = error.what()};
  }
}

Finding find_display() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      return {.what = "display", .found = std::string(name) + "=" + value};
    }
  }
  return {.what = "display",
          .found = "none",
          .remedy = "Without one: sketchscope view --offscreen --screenshot F.png"};
}

}  // namespace

std::vector<Finding> window_findings() {
  return {find_font_family("Inter", "sans-serif", "fonts-inter"),
          find_font_family("JetBrains Mono", "monospace", "fonts-jetbrains-mono"), find_drawing(),
          find_display(), find_folder("settings folder", app::settings_file().parent_path())};
}

}  // namespace sketchscope::cli
