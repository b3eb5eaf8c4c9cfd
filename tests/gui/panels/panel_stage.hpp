#pragma once

#include <imgui.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/app/layout.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/platform/keyboard.hpp"
#include "tests/support/invented_run.hpp"
#include "tests/support/recording_canvas.hpp"

namespace sketchscope::test {

/// Draws one panel at its place in the default layout, without a window.
class PanelStage {
 public:
  explicit PanelStage(std::string_view name, InventedRunOptions options = {})
      : run_(options), name_(name) {
    model.config.layers = options.layers;
    model.config.positions = options.positions;
    model.config.heads = 6;
    model.config.kv_heads = 6;
    for (const PanelKind& kind : panel_kinds()) {
      if (kind.name == name) panel = kind.make();
    }
    state = run_.state();
    state.layers.clear();
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    set_up_keyboard();
    io.DisplaySize = {1600, 1000};
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    for (auto& sizes : fonts_.by_face_and_size) sizes.fill(io.Fonts->Fonts[0]);
  }

  void set(std::string_view knob, std::string_view value) { run_.set(knob, value); }
  void advance(int steps) {
    for (int step = 0; step < steps; ++step) history.append(run_.step());
    if (steps > 0) state = run_.state();
  }

  /// Returns the content area of the panel's card.
  [[nodiscard]] Rect area() const {
    if (place) return *place;
    const auto arrangement = name_ == "branching" ? Arrangement::paths
                             : name_ == "compare" ? Arrangement::runs
                             : name_ == "study"   ? Arrangement::study
                                                  : Arrangement::sequence;
    for (const Place& place : default_layout({12, 60, 1588, 988}, theme_.unit(), theme_.gap(),
                                             arrangement, with_in_front({}, name_))) {
      if (place.panel != name_) continue;
      const Rect card = place.rect;
      return {card.left + theme_.padding(), card.top + theme_.unit() * 2.35F,
              card.right - theme_.padding(), card.bottom - theme_.padding() * 0.7F};
    }
    return {};
  }

  /// Draws one frame with this mouse for panels and widgets.
  void draw(Pointer pointer = {}, bool mouse_down = false) {
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = 1.0F / 60;
    io.MousePos = pointer.at ? ImVec2(pointer.at->x, pointer.at->y) : ImVec2(-1, -1);
    io.MouseDown[0] = mouse_down;
    canvas.clear();
    overlay.clear();
    items.begin_frame();
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(io.DisplaySize);
    ImGui::Begin("stage", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    PanelContext context{
        .history = history,
        .state = state,
        .model = model,
        .selection = selection,
        .send = send_,
        .canvas = canvas,
        .overlay = overlay,
        .theme = theme_,
        .fonts = fonts_,
        .items = items,
        .area = area(),
        .pointer = pointer,
        .other = other ? &*other : nullptr,
        .study = study ? &*study : nullptr,
        .notes = {},
        .presets = built_in_presets(),
        .run_action = [this](std::string_view action) { actions.emplace_back(action); }};
    subtitle = panel->subtitle(context);
    readout = panel->readout(context);
    panel->draw(context);
    ImGui::End();
    ImGui::Render();
    selection.hover = std::exchange(selection.next_hover, Hover{});
  }

  /// Types into the input that has the focus, then presses Enter.
  void type(std::string_view words) {
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    for (const char letter : words) io.AddInputCharacter(static_cast<unsigned char>(letter));
    draw();
    put_key(Key::enter, true);
    draw();
    put_key(Key::enter, false);
    draw();
  }

  void click(Point at) { draw({.at = at, .clicked = true}); }

  History history;
  std::optional<History> other;
  std::optional<StudySheet> study;
  std::optional<Rect> place;  ///< overrides the layout's place
  LiveState state;
  ModelInfo model;
  Selection selection;
  ItemRegistry items;
  RecordingCanvas canvas;
  RecordingCanvas overlay;
  std::unique_ptr<Panel> panel;
  std::string subtitle;
  std::string readout;
  std::vector<std::pair<Command, std::string>> sent;  ///< with their tags
  std::vector<std::string> actions;                   ///< names of actions that were run

 private:
  struct Destroy {
    void operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }
  };

  std::unique_ptr<ImGuiContext, Destroy> imgui_{ImGui::CreateContext()};
  InventedRun run_;
  std::string name_;
  Theme theme_;
  Fonts fonts_;
  CommandSink send_ = [this](Command command, std::string tag) {
    sent.emplace_back(std::move(command), std::move(tag));
  };
};

}  // namespace sketchscope::test
