#pragma once

#include <imgui.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "engine/core/files.hpp"
#include "gui/app/fonts.hpp"

namespace sketchscope::test {

/// Returns a key of the font versions, on which the pictures of texts depend.
inline std::string golden_key() {
  std::string key = std::string("imgui ") + IMGUI_VERSION;
  for (const auto& [family, weight, generic] :
       {std::tuple{"Inter", 80, "sans-serif"}, std::tuple{"Inter", 180, "sans-serif"},
        std::tuple{"JetBrains Mono", 80, "monospace"}}) {
    // FNV-1a
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char byte : core::read_file(app::find_font(family, weight, generic).path)) {
      hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3ULL;
    }
    key += "\n" + std::string(family) + " " + std::to_string(weight) + " " + std::to_string(hash);
  }
  return key + "\n";
}

}  // namespace sketchscope::test
