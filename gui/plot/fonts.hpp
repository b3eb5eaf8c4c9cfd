#pragma once

#include <array>
#include <cstddef>

#include "gui/plot/canvas.hpp"

struct ImFont;

namespace sketchscope {

/// The loaded fonts by face and size. A widget in another face than the default (sans, normal) uses
/// `ImGui::PushFont(fonts.get(Face::mono, TextSize::normal))`.
struct Fonts {
  static constexpr std::size_t kFaces = 3;
  static constexpr std::size_t kSizes = 3;
  std::array<std::array<ImFont*, kSizes>, kFaces> by_face_and_size{};

  [[nodiscard]] ImFont* get(Face face, TextSize size) const {
    return by_face_and_size[static_cast<std::size_t>(face)][static_cast<std::size_t>(size)];
  }
};

}  // namespace sketchscope
