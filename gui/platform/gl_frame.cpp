#include "gui/platform/gl_frame.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>

#include "gui/platform/gl.hpp"

namespace sketchscope {

void draw_gl_frame(Size size, Color background) {
  glViewport(0, 0, static_cast<GLsizei>(size.width), static_cast<GLsizei>(size.height));
  const auto channel = [](std::uint8_t value) { return static_cast<float>(value) / 255; };
  glClearColor(channel(background.red), channel(background.green), channel(background.blue), 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (ImDrawData* data = ImGui::GetDrawData()) ImGui_ImplOpenGL3_RenderDrawData(data);
}

Image read_gl_frame(Size size) {
  Image image{static_cast<int>(size.width), static_cast<int>(size.height), {}};
  image.pixels.resize(static_cast<std::size_t>(image.width) *
                      static_cast<std::size_t>(image.height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, image.width, image.height, GL_RGBA, GL_UNSIGNED_BYTE, image.pixels.data());
  // OpenGL's first row is the bottom one.
  for (int row = 0; row < image.height / 2; ++row) {
    const auto begin = image.pixels.begin();
    std::swap_ranges(begin + static_cast<std::ptrdiff_t>(row) * image.width,
                     begin + static_cast<std::ptrdiff_t>(row + 1) * image.width,
                     begin + static_cast<std::ptrdiff_t>(image.height - 1 - row) * image.width);
  }
  for (Color& pixel : image.pixels) pixel.alpha = 255;
  return image;
}

}  // namespace sketchscope
