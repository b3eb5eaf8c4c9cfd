#include "gui/app/app.hpp"

#include <imgui.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "gui/app/run_bar.hpp"
#include "gui/app/save_run_actions.hpp"
#include "gui/app/trace_actions.hpp"
#include "gui/app/view_actions.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope::app {
namespace {

using Clock = std::chrono::steady_clock;

// The longest sleep while nothing happens.
constexpr double kIdleSeconds = 1;
// Popups and hovered values appear one frame after the event that requested them.
constexpr int kFramesAfterEvent = 3;
constexpr std::chrono::duration<double> kShortestFrame(1.0 / 60);

/// Returns this thread's processor time in milliseconds, which excludes other programs.
double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

}  // namespace

App::App(platform::Platform& platform, view::RunSource& source, std::filesystem::path settings_file)
    : platform_(platform),
      settings_(std::move(settings_file), overlays_.notices()),
      surface_(platform),
      layout_(settings_, overlays_.notices()),
      run_(source),
      study_(layout_.workspace(), overlays_.notices()),
      figures_({.platform = platform_,
                .workspace = layout_.workspace(),
                .run = run_,
                .control = control_,
                .study = study_,
                .settings = settings_,
                .notices = overlays_.notices()},
               {.platform = platform_,
                .surface = surface_,
                .workspace = layout_.workspace(),
                .run = run_,
                .draw_contents = [this](plot::Canvas& canvas, plot::Canvas& overlay,
                                        plot::Size size) { draw_contents(canvas, overlay, size); },
                .panel_context =
                    [this](plot::Canvas& canvas, plot::Canvas& overlay, const plot::Rect& area) {
                      return panel_context(canvas, overlay, area);
                    }}),
      scripts_({.window = *this,
                .run = run_,
                .workspace = layout_.workspace(),
                .figures = figures_,
                .settings = settings_,
                .notices = overlays_.notices(),
                .make_again = [this](const FormerRun& run) { files_.make_again(run); }}),
      control_(run_, layout_.workspace(), scripts_.recorder()),
      files_({.platform = platform_,
              .run = run_,
              .control = control_,
              .study = study_,
              .settings = settings_,
              .notices = overlays_.notices(),
              .recorder = scripts_.recorder(),
              .actions = actions_}),
      personal_(run_, control_, settings_, scripts_.recorder()) {
  layout_.workspace().set_layout(settings_.get().layout);
  add_actions();
  actions_.set_listener(
      [this](const std::string& name) { scripts_.recorder().note_action(*actions_.find(name)); });
}

void App::add_actions() {
  control_.add_actions(actions_);
  study_.add_actions(actions_);
  overlays_.add_actions(actions_);
  add_cursor_actions(actions_, run_);
  actions_.add("dismiss", "Dismiss messages, show all panels", "",
               {.key = widgets::plain_key(platform::Key::escape), .run = [this] {
                  overlays_.notices().dismiss_all();
                  layout_.workspace().show_alone({});
                }});
  actions_.add("quit", "Quit", "",
               {.key = widgets::control_key('Q'), .run = [this] { platform_.close(); }});
  add_range_actions(actions_, run_);
  add_position_actions(actions_, run_);
  personal_.add_actions(actions_);
  add_look_actions(actions_, settings_);
  layout_.add_actions(actions_, scripts_.recorder());
  files_.add_actions();
  figures_.add_actions(actions_);
  add_save_run_actions(actions_, run_, figures_);
  add_trace_actions(actions_, run_, figures_);
  scripts_.add_actions(actions_);
  for (const panels::Panel* panel : layout_.workspace().panels()) {
    layout_.add_panel_actions(actions_, *panel);
    figures_.add_panel_actions(actions_, *panel);
    layout_.add_front_action(actions_, *panel);
  }
}

void App::run() {
  int frames_left = kFramesAfterEvent;
  while (!platform_.closing()) {
    const bool input = platform_.wait(frames_left > 0 ? 0 : kIdleSeconds);
    frames_left = input ? kFramesAfterEvent : std::max(frames_left - 1, 0);
    if (frames_left == 0 && rests()) continue;
    const auto start = Clock::now();
    frame();
    // A fast engine wakes the window at every step, more often than the display refreshes.
    std::this_thread::sleep_until(start + kShortestFrame);
  }
}

bool App::rests() const {
  return run_.is_current() && overlays_.notices().empty() && opening() == nullptr;
}

void App::frame() {
  if (std::string missing = surface_.follow(settings_.get()); !missing.empty()) {
    overlays_.notices().add_information(std::move(missing));
  }
  files_.exchange_run();
  run_.read(overlays_.notices(), opening() != nullptr);
  control_.runs().update();
  control_.ask_for_past();
  platform_.begin_frame();
  if (input_) input_();
  const double start = processor_ms();
  ImGui::NewFrame();
  build();
  ImGui::Render();
  frame_times_.add(processor_ms() - start);
  platform_.show(surface_.theme().background);
  figures_.end_frame();
  scripts_.end_frame();
}

void App::build() {
  surface_.items().begin_frame();
  scripts_.recorder().begin_frame(*this);
  run_shortcuts();

  const plot::Size size = platform_.size();
  const plot::Rect window{0, 0, size.width, size.height};
  const widgets::ControlContext controls = surface_.controls();
  Surface::begin_root_window(size);
  const plot::Rect area = draw_contents(surface_.canvas(), surface_.overlay(), size);
  overlays_.draw_card_menu(controls, actions_, layout_.workspace());
  ImGui::End();
  layout_.remember(scripts_.recorder());

  scripts_.draw(controls, surface_.overlay(), actions_, area, files_.model_offer());
  control_.draw_context_end(controls, area);
  const plot::Rect rest = files_.draw(controls, message_area(surface_.items(), area), window);
  overlays_.draw(controls, actions_, rest, window);
  control_.draw(controls, window);
  personal_.draw(controls, window);
  figures_.place().draw(controls, window);
  layout_.draw(controls, window);
  scripts_.recorder().end_frame(*this);
}

void App::run_shortcuts() const {
  const ImGuiIO& io = ImGui::GetIO();
  // Keys go to an open popup first, so that Escape closes it alone.
  constexpr ImGuiPopupFlags kAny = ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel;
  if (io.WantTextInput || overlays_.take_keys() || ImGui::IsPopupOpen("", kAny)) return;
  for (const widgets::Action& action : actions_.all()) {
    if (!action.key || io.KeyCtrl != action.key->control || io.KeyShift != action.key->shift) {
      continue;
    }
    if (platform::is_key_pressed(action.key->key, action.repeats) && action.is_enabled())
      action.run();
  }
}

plot::Rect App::draw_contents(plot::Canvas& canvas, plot::Canvas& overlay, plot::Size size) {
  const widgets::ControlContext controls = surface_.controls_on(canvas);
  const plot::Theme& theme = surface_.theme();
  const plot::Rect area{0, run_bar_height(theme), size.width, size.height};
  draw_run_bar({.controls = controls,
                .actions = actions_,
                .history = run_.history(),
                .state = run_.state(),
                .model = run_.model(),
                .send = control_.send()},
               {0, 0, size.width, area.top});
  const float gap = std::round(theme.gap());
  layout_.workspace().draw(area.inset(gap, gap), panel_context(canvas, overlay, area));
  return area;
}

panels::PanelContext App::panel_context(plot::Canvas& canvas, plot::Canvas& overlay,
                                        const plot::Rect& area) {
  return {.history = run_.history(),
          .occupancies = run_.occupancies(),
          .state = control_.shown_state(),
          .model = run_.model(),
          .selection = run_.selection(),
          .send = control_.send(),
          .canvas = canvas,
          .overlay = overlay,
          .theme = surface_.theme(),
          .fonts = surface_.fonts(),
          .items = surface_.items(),
          .area = area,
          .pointer = {},
          .other = run_.other_history().empty() ? nullptr : &run_.other_history(),
          .study = study_.sheet(),
          .runs = &control_.runs().set(),
          .notes = run_.notes(),
          .presets = personal_.presets(),
          .run_action = [this](std::string_view name) { actions_.run(name); }};
}

driver::WindowFacts App::facts() const {
  const Settings& settings = settings_.get();
  driver::WindowFacts facts{.state = run_.state(),
                            .history = run_.history(),
                            .other_history = run_.other_history(),
                            .selection = run_.selection(),
                            .runs = &control_.runs().set(),
                            .study = study_.sheet(),
                            .notes = run_.notes(),
                            .presets = personal_.presets(),
                            .errors = overlays_.notices().errors(),
                            .size = platform_.size(),
                            .opened = files_.opened(),
                            .hidden_panels = settings.layout.hidden,
                            .zoom = settings.zoom,
                            .light = settings.brightness == plot::Brightness::light,
                            .frame_median_ms = frame_times_.percentile(0.5),
                            .frame_p99_ms = frame_times_.percentile(0.99)};
  if (opening() != nullptr) facts.opening = {opening()->name(), opening()->share()};
  for (const OpenTarget& opened : settings.recent) facts.recent.push_back(opened.path);
  for (const panels::Panel* panel : layout_.workspace().panels())
    facts.panels.push_back(panel->name());
  return facts;
}

void App::set_zoom(float zoom) {
  sketchscope::app::set_zoom(settings_, zoom);
}

std::string App::draw_svg(const std::string& panel) {
  const WindowFigure figure{.panel = panel, .format = FigureFormat::svg};
  return figures_.drawer().svg(figure, figure_description(figures_.facts(), figure, {}));
}

}  // namespace sketchscope::app
