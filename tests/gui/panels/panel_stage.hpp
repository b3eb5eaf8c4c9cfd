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
    for (const panels::PanelKind& kind : panels::panel_kinds()) {
      if (kind.name == name) panel = kind.make();
    }
    state = run_.state();
    state.layers.clear();
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    platform::set_up_keyboard();
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
  [[nodiscard]] plot::Rect area() const {
    if (place) return *place;
    const auto arrangement = name_ == "branching" ? app::Arrangement::paths
                             : name_ == "compare" ? app::Arrangement::runs
                             : name_ == "runs"    ? app::Arrangement::runs
                             : name_ == "study"   ? app::Arrangement::study
                                                  : app::Arrangement::sequence;
    for (const app::Place& one :
         app::default_layout({12, 60, 1588, 988}, theme_.unit(), theme_.gap(), arrangement,
                             app::with_in_front({}, name_))) {
      if (one.panel != name_) continue;
      const plot::Rect card = one.rect;
      return {card.left + theme_.padding(), card.top + theme_.unit() * 2.35F,
              card.right - theme_.padding(), card.bottom - theme_.padding() * 0.7F};
    }
    return {};
  }

  /// Returns what the panel is drawn from.
  [[nodiscard]] panels::PanelContext context(panels::Pointer pointer = {}) {
    return {.history = history,
            .occupancies = occupancies_,
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
            .runs = runs ? &*runs : nullptr,
            .notes = {},
            .presets = view::built_in_presets(),
            .print = print,
            .run_action = [this](std::string_view action) { actions.emplace_back(action); }};
  }

  /// Draws one frame with this mouse for panels and widgets.
  void draw(panels::Pointer pointer = {}, bool mouse_down = false) {
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
    panels::PanelContext context = this->context(pointer);
    subtitle = panel->subtitle(context);
    readout = panel->readout(context);
    panel->draw(context);
    ImGui::End();
    ImGui::Render();
    selection.hover = std::exchange(selection.next_hover, widgets::Hover{});
  }

  /// Types into the input that has the focus, then presses Enter.
  void type(std::string_view words) {
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    for (const char letter : words) io.AddInputCharacter(static_cast<unsigned char>(letter));
    draw();
    platform::put_key(platform::Key::enter, true);
    draw();
    platform::put_key(platform::Key::enter, false);
    draw();
  }

  void click(plot::Point at) { draw({.at = at, .clicked = true}); }

  view::History history;
  std::optional<view::History> other;
  std::optional<view::StudySheet> study;
  std::optional<view::RunSet> runs;
  std::optional<plot::Rect> place;  ///< overrides the layout's place
  bool print = false;               ///< draws a figure for print
  run::LiveState state;
  run::ModelInfo model;
  widgets::Selection selection;
  widgets::ItemRegistry items;
  RecordingCanvas canvas;
  RecordingCanvas overlay;
  std::unique_ptr<panels::Panel> panel;
  std::string subtitle;
  std::string readout;
  std::vector<std::pair<run::Command, std::string>> sent;  ///< with their tags
  std::vector<std::string> actions;                        ///< names of actions that were run

 private:
  view::Occupancies occupancies_;
  struct Destroy {
    void operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }
  };

  std::unique_ptr<ImGuiContext, Destroy> imgui_{ImGui::CreateContext()};
  InventedRun run_;
  std::string name_;
  plot::Theme theme_;
  plot::Fonts fonts_;
  panels::CommandSink send_ = [this](run::Command command, std::string tag) {
    sent.emplace_back(std::move(command), std::move(tag));
  };
};

}  // namespace sketchscope::test
