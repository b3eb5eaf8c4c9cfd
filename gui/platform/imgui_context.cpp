#include "gui/platform/imgui_context.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "engine/core/error.hpp"

namespace sketchscope {

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
    throw Error({.what = "OpenGL cannot be started",
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

}  // namespace sketchscope
