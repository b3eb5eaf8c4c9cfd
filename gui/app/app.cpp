#include "gui/app/app.hpp"

#include <imgui.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/app/load_fonts.hpp"
#include "gui/app/run_bar.hpp"
#include "gui/app/style.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kIdleSeconds = 1;
// Popups open and hovered values show a frame after the event that asked for them.
constexpr int kFramesAfterEvent = 3;
constexpr std::chrono::duration<double> kShortestFrame(1.0 / 60);

/// What the processor has spent on this thread, milliseconds: other programs do not count.
double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// The wanted scale, or less where the window would be too small for all panels.
float fitting_scale(float wanted, Size window) {
  constexpr Size kLeast{1200, 860};  // in which the panels are still readable at scale 1
  constexpr float kSmallest = 0.75F;
  constexpr float kStep = 0.05F;  // fonts are loaded anew at each
  const float most = std::min(window.width / kLeast.width, window.height / kLeast.height);
  if (wanted <= most) return wanted;
  return std::min(wanted, std::max(kSmallest, std::floor(most / kStep) * kStep));
}

constexpr ImGuiWindowFlags kRootFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                        ImGuiWindowFlags_NoSavedSettings |
                                        ImGuiWindowFlags_NoBringToFrontOnFocus |
                                        ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse;

}  // namespace

App::App(Platform& platform, RunSource& source, std::filesystem::path settings_file)
    : platform_(platform),
      source_(source),
      send_([this](Command command, std::string tag) {
        undo_.note(command, state_->wanted);
        recorder_.note_command(command);
        source_.send(std::move(command), std::move(tag));
      }),
      canvas_(fonts_, platform.textures(), CanvasLayer::window),
      overlay_(fonts_, platform.textures(), CanvasLayer::foreground),
      state_(source.state()),
      settings_file_(std::move(settings_file)) {
  add_run_actions();
  add_until_actions();
  add_compare_actions();
  add_study_actions();
  add_view_actions();
  add_range_actions();
  add_note_actions();
  add_preset_actions();
  add_look_actions();
  add_layout_actions();
  add_file_actions();
  add_export_actions();
  add_tour_actions();
  add_record_actions();
  add_panel_actions();
  actions_.set_listener(
      [this](const std::string& name) { recorder_.note_action(*actions_.find(name)); });
  gather_presets();
  if (settings_file_.empty()) return;
  try {
    settings_ = read_settings(settings_file_);
    workspace_.set_layout(settings_.layout);
    gather_presets();
    title_recent();
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
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
    // A fast engine wakes the window at every step; the eye needs no more than the display shows.
    std::this_thread::sleep_until(start + kShortestFrame);
  }
}

bool App::rests() const {
  return source_.state() == state_ && notices_.empty() && opening() == nullptr;
}

void App::frame() {
  load_theme();
  exchange_run();
  read_source();
  ask_for_past();
  platform_.begin_frame();
  if (input_) input_();
  const double start = processor_ms();
  ImGui::NewFrame();
  build();
  ImGui::Render();
  frame_times_.add(processor_ms() - start);
  platform_.show(theme_.background);
  run_deferred();
}

void App::load_theme() {
  const float wanted = platform_.scale() * settings_.zoom;
  use_scale(fitting_scale(wanted, platform_.size()));
}

void App::use_scale(float scale) {
  if (scale == loaded_scale_) return;
  theme_ = make_theme(settings_.brightness, settings_.palette).scaled(scale);
  apply_style(theme_);
  LoadedFonts loaded = load_fonts(theme_);
  fonts_ = loaded.fonts;
  platform_.reload_fonts();
  if (loaded_scale_ == 0 && !loaded.notice.empty()) {
    notices_.add(Notice::Kind::information, std::move(loaded.notice));
  }
  loaded_scale_ = scale;
}

void App::set_zoom(float zoom) {
  constexpr float kSmallest = 0.7F;
  constexpr float kLargest = 2.5F;
  change_settings(
      [&](Settings& settings) { settings.zoom = std::clamp(zoom, kSmallest, kLargest); });
}

void App::change_settings(const std::function<void(Settings&)>& change) {
  const Settings before = settings_;
  change(settings_);
  if (settings_ == before) return;
  if (settings_.brightness != before.brightness || settings_.palette != before.palette) {
    theme_ = make_theme(settings_.brightness, settings_.palette).scaled(loaded_scale_);
    apply_style(theme_);
  }
  if (settings_file_.empty()) return;
  try {
    write_settings(settings_file_, settings_);
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
  }
}

void App::remember_layout() {
  if (workspace_.is_dragging() || workspace_.layout() == settings_.layout) return;
  change_settings([&](Settings& settings) { settings.layout = workspace_.layout(); });
}

void App::read_source() {
  const std::uint64_t run = history_.run();
  // An empty history is that of a run which is about to begin.
  const bool all_done = source_.idle() && opening() == nullptr && !history_.empty();
  history_.update(source_.log());
  if (const RecordLog* other = source_.other_log()) other_history_.update(*other);
  state_ = source_.state();
  if (state_->stopped != told_stop_ && !state_->stopped.empty()) {
    notices_.add(Notice::Kind::information, "Stopped: " + state_->stopped);
  }
  told_stop_ = state_->stopped;
  notices_.add(source_.take_notices());
  if (history_.run() != run) {
    // What was chosen belongs to the run before.
    selection_ =
        Selection{.layer = selection_.layer, .divergence_scale = selection_.divergence_scale};
    warned_.clear();
    notes_ = notes_to_keep_ ? *std::exchange(notes_to_keep_, std::nullopt) : source_.notes();
  }
  // A run that was refused keeps nobody's notes.
  if (all_done) notes_to_keep_.reset();
  for (const std::string& warning : state_->warnings) {
    if (warned_.insert(warning).second) notices_.add(Notice::Kind::information, warning);
  }
  selection_.hover = std::exchange(selection_.next_hover, Hover{});
}

void App::ask_for_past() {
  if (state_->phase == RunPhase::saved) return;
  if (asked_generation_ != history_.generation()) {
    // Another run, or another past of this one: the engine has forgotten what was asked.
    asked_generation_ = history_.generation();
    asked_step_.reset();
    asked_position_.reset();
  }
  const auto steps = static_cast<std::int64_t>(history_.size());
  auto step = selection_.step(steps);
  // While the run goes on, the mouse on its way across a plot asks for nothing.
  const bool settled = state_->phase != RunPhase::running || step == selection_.locked_step;
  if (!step || *step + 1 >= steps || !settled) step.reset();
  if (step != asked_step_) send_(command::LookAt{step}, "look");
  asked_step_ = step;

  std::optional<int> position = selection_.locked_position;
  if (selection_.eviction) position = selection_.eviction->position;
  if (position != asked_position_) send_(command::Trace{position}, "trace");
  asked_position_ = position;
}

const LiveState& App::shown_state() {
  const auto step = selection_.step(static_cast<std::int64_t>(history_.size()));
  if (!state_->past || !step || state_->past->steps != *step + 1) return *state_;
  if (shown_of_ != state_) {
    shown_of_ = state_;
    shown_ = *state_;
    shown_.layers = state_->past->layers;
    shown_.steps = state_->past->steps;
    shown_.next_token = state_->past->next_token;
  }
  return shown_;
}

void App::run_shortcuts() {
  const ImGuiIO& io = ImGui::GetIO();
  // A key belongs to what lies on top: Escape closes that alone.
  constexpr ImGuiPopupFlags kAny = ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel;
  if (io.WantTextInput || palette_.is_open() || ImGui::IsPopupOpen("", kAny)) return;
  for (const Action& action : actions_.all()) {
    if (!action.key || io.KeyCtrl != action.key->control || io.KeyShift != action.key->shift) {
      continue;
    }
    if (is_key_pressed(action.key->key, action.repeats) && action.is_enabled()) action.run();
  }
}

void App::build() {
  items_.begin_frame();
  recorder_.begin_frame(*this);
  run_shortcuts();

  const Size size = platform_.size();
  const Rect window{0, 0, size.width, size.height};
  begin_root_window(size);
  const Rect area = draw_contents(canvas_, overlay_, size);
  const ControlContext controls{canvas_, theme_, fonts_, items_};
  card_menu_.draw(controls, actions_, workspace_);
  ImGui::End();
  remember_layout();

  draw_tour(controls, area);
  notices_.draw(controls, draw_files(controls, area, window));
  palette_.draw(controls, actions_, window);
  prompt_editor_.draw(controls, source_, send_, window);
  breakpoint_editor_.draw(controls, send_, window);
  line_editor_.draw(controls, window);
  shortcut_sheet_.draw(controls, actions_, window);
  message_sheet_.draw(controls, notices_, window);
  recorder_.end_frame(*this);
}

void App::begin_root_window(Size size) const {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({size.width, size.height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::Begin("SketchScope", nullptr, kRootFlags);
  ImGui::PopStyleVar(3);
}

PanelContext App::panel_context(Canvas& canvas, Canvas& overlay, const Rect& area) {
  return {.history = history_,
          .state = shown_state(),
          .model = source_.model(),
          .selection = selection_,
          .send = send_,
          .canvas = canvas,
          .overlay = overlay,
          .theme = theme_,
          .fonts = fonts_,
          .items = items_,
          .area = area,
          .pointer = {},
          .other = other_history_.empty() ? nullptr : &other_history_,
          .study = study_.get(),
          .notes = notes_,
          .presets = presets_,
          .run_action = [this](std::string_view name) { actions_.run(name); }};
}

StageFacts App::facts() const {
  StageFacts facts{.state = *state_,
                   .history = history_,
                   .other_history = other_history_,
                   .selection = selection_,
                   .study = study_.get(),
                   .notes = notes_,
                   .presets = presets_,
                   .errors = notices_.errors(),
                   .size = platform_.size(),
                   .opened = opened_.path,
                   .hidden_panels = settings_.layout.hidden,
                   .zoom = settings_.zoom,
                   .light = settings_.brightness == Brightness::light,
                   .frame_median_ms = frame_times_.percentile(0.5),
                   .frame_p99_ms = frame_times_.percentile(0.99)};
  if (opening() != nullptr) facts.opening = {opening()->name(), opening()->share()};
  for (const Openable& opened : settings_.recent) facts.recent.push_back(opened.path);
  for (const Panel* panel : workspace_.panels()) facts.panels.push_back(panel->name());
  return facts;
}

Rect App::draw_contents(Canvas& canvas, Canvas& overlay, Size size) {
  const ControlContext controls{canvas, theme_, fonts_, items_};
  Rect area{0, run_bar_height(theme_), size.width, size.height};
  draw_run_bar({controls, actions_, history_, *state_, source_.model(), send_},
               {0, 0, size.width, area.top});
  if (state_->phase == RunPhase::at_context_end) area.top = draw_context_end(controls, area);
  const float gap = std::round(theme_.gap());
  workspace_.draw(area.inset(gap, gap), panel_context(canvas, overlay, area));
  return area;
}

float App::draw_context_end(const ControlContext& controls, const Rect& area) {
  const float unit = theme_.unit();
  const Rect strip{area.left, area.top, area.right, area.top + std::round(unit * 3.2F)};
  controls.canvas.fill(strip, theme_.accent.with_alpha(0.12));
  const std::string text = "The context is full: all " +
                           std::to_string(source_.model().config.positions) +
                           " positions of the model are used.";
  const TextStyle style{.color = theme_.text, .vertical = VerticalAlign::middle};
  const float left = strip.left + unit * 1.3F;
  controls.canvas.text({left, strip.center().y}, text, style);

  const float width = unit * 8;
  Rect button = strip.inset(0, unit * 0.5F);
  button.left = left + controls.canvas.measure(text, style).width + unit * 1.5F;
  button.right = button.left + width;
  if (text_button(controls, "ContextEnd/new_run", button, "New run", Emphasis::accent,
                  "The same prompt again, with the knobs as they are.")) {
    send_(command::Restart{}, "restart");
  }
  button.left = button.right + unit * 0.6F;
  button.right = button.left + width;
  if (text_button(controls, "ContextEnd/prompt", button, "Prompt…", Emphasis::plain,
                  "Write another prompt.")) {
    prompt_editor_.open(source_.prompt());
  }
  return strip.bottom;
}

}  // namespace sketchscope
