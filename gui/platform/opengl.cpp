#include "gui/platform/opengl.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cstring>

#include "engine/core/error.hpp"

namespace sketchscope::platform {

ImGuiContextOwner::ImGuiContextOwner() {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().LogFilename = nullptr;
}

ImGuiContextOwner::~ImGuiContextOwner() {
  ImGui::DestroyContext();
}

GlRenderer::GlRenderer() {
  if (!ImGui_ImplOpenGL3_Init("#version 150")) {
    throw core::Error({.what = "OpenGL cannot be started",
                       .expected = "OpenGL 3.3 or newer",
                       .remedy = "Install Mesa's drivers (package libgl1-mesa-dri)"});
  }
}

GlRenderer::~GlRenderer() {
  ImGui_ImplOpenGL3_Shutdown();
}

void GlRenderer::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
}

void GlRenderer::reload_fonts() {
  // The first frame creates the first texture without a reload.
  if (ImGui::GetIO().Fonts->TexID == nullptr) return;
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

GlFramebuffer::GlFramebuffer(plot::Size size) {
  glGenFramebuffers(1, &framebuffer_);
  glGenRenderbuffers(1, &colors_);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glBindRenderbuffer(GL_RENDERBUFFER, colors_);
  resize(size);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colors_);
}

GlFramebuffer::~GlFramebuffer() {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &framebuffer_);
  glDeleteRenderbuffers(1, &colors_);
}

void GlFramebuffer::resize(plot::Size size) {
  glBindRenderbuffer(GL_RENDERBUFFER, colors_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, static_cast<GLsizei>(size.width),
                        static_cast<GLsizei>(size.height));
}

static_assert(sizeof(plot::Color) == 4, "colours are uploaded as RGBA8");

namespace {

bool are_same(const std::vector<plot::Color>& one, const std::vector<plot::Color>& other) {
  return one.size() == other.size() &&
         std::memcmp(one.data(), other.data(), one.size() * sizeof(plot::Color)) == 0;
}

}  // namespace

GlTextures::~GlTextures() {
  for (const auto& [key, texture] : textures_) glDeleteTextures(1, &texture.name);
}

std::uintptr_t GlTextures::upload(std::string_view key, const plot::Image& image) {
  auto found = textures_.find(key);
  if (found == textures_.end()) found = textures_.emplace(key, Texture{}).first;
  Texture& texture = found->second;

  const bool same_size = texture.width == image.width && texture.height == image.height;
  if (same_size && are_same(texture.pixels, image.pixels)) return texture.name;
  texture.pixels = image.pixels;
  if (texture.name == 0) glGenTextures(1, &texture.name);
  glBindTexture(GL_TEXTURE_2D, texture.name);
  if (!same_size) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, image.width, image.height, 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, image.pixels.data());
    texture.width = image.width;
    texture.height = image.height;
  } else {
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, image.width, image.height, GL_RGBA, GL_UNSIGNED_BYTE,
                    image.pixels.data());
  }
  return texture.name;
}

void draw_gl_frame(plot::Size size, plot::Color background) {
  glViewport(0, 0, static_cast<GLsizei>(size.width), static_cast<GLsizei>(size.height));
  const auto channel = [](std::uint8_t value) { return static_cast<float>(value) / 255; };
  glClearColor(channel(background.red), channel(background.green), channel(background.blue), 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (ImDrawData* data = ImGui::GetDrawData()) ImGui_ImplOpenGL3_RenderDrawData(data);
}

plot::Image read_gl_frame(plot::Size size) {
  plot::Image image{static_cast<int>(size.width), static_cast<int>(size.height), {}};
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
  for (plot::Color& pixel : image.pixels) pixel.alpha = 255;
  return image;
}

}  // namespace sketchscope::platform
