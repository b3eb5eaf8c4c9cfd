#pragma once

namespace sketchscope {

/// The one ImGui context of a platform. Writes no settings file into the working directory.
class ImGuiContextOwner {
 public:
  ImGuiContextOwner();
  ~ImGuiContextOwner();
  ImGuiContextOwner(const ImGuiContextOwner&) = delete;
  ImGuiContextOwner& operator=(const ImGuiContextOwner&) = delete;
};

/// ImGui's OpenGL renderer for the current GL context.
class GlRenderer {
 public:
  GlRenderer();
  ~GlRenderer();
  GlRenderer(const GlRenderer&) = delete;
  GlRenderer& operator=(const GlRenderer&) = delete;

  void begin_frame();
  void reload_fonts();
};

}  // namespace sketchscope
