// The texts of the whole window, with the fonts that it has, at the sizes that windows have.
#include <gtest/gtest.h>
#include <imgui.h>

#include <string>
#include <vector>

#include "gui/app/surface.hpp"
#include "gui/app/workspace.hpp"
#include "gui/platform/platform.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::app {
namespace {

struct PlacedText {
  std::string words;
  plot::Rect bounds;
};

/// Records the texts that are drawn whole, at the sizes that they have on another canvas.
class TextCanvas final : public plot::Canvas {
 public:
  explicit TextCanvas(const plot::Canvas& measuring) : measuring_(measuring) {}

  void line(plot::Point, plot::Point, plot::Stroke) override {}
  void polyline(std::span<const plot::Point>, plot::Stroke) override {}
  void rect(const plot::Rect&, plot::Stroke, float) override {}
  void fill(const plot::Rect&, plot::Color, float) override {}
  void fill_polygon(std::span<const plot::Point>, plot::Color) override {}
  void fill_between(std::span<const plot::Point>, std::span<const plot::Point>,
                    plot::Color) override {}
  void fill_circle(plot::Point, float, plot::Color) override {}
  void image(std::string_view, const plot::Rect&, const plot::Image&) override {}
  [[nodiscard]] plot::Size measure(std::string_view words,
                                   const plot::TextStyle& style) const override {
    return measuring_.measure(words, style);
  }
  void text(plot::Point at, std::string_view words, const plot::TextStyle& style) override {
    const plot::Size size = measure(words, style);
    const float left = at.x - size.width * static_cast<float>(style.align) / 2;
    const float top = at.y - size.height * static_cast<float>(style.vertical) / 2;
    const plot::Rect bounds{left, top, left + size.width, top + size.height};
    for (const plot::Rect& clip : clips_) {
      const bool inside = bounds.left >= clip.left && bounds.right <= clip.right &&
                          bounds.top >= clip.top && bounds.bottom <= clip.bottom;
      if (!inside) return;
    }
    if (!words.empty()) texts.push_back({std::string(words), bounds});
  }
  void push_clip(const plot::Rect& area) override { clips_.push_back(area); }
  void pop_clip() override { clips_.pop_back(); }

  std::vector<PlacedText> texts;

 private:
  const plot::Canvas& measuring_;
  std::vector<plot::Rect> clips_;
};

/// Returns the pairs of words of which one lies on the other.
std::vector<std::string> overlaps(const std::vector<PlacedText>& texts) {
  constexpr float kTouch = 1;        // pixel
  constexpr float kLeading = 0.35F;  // lines are set as close as their letters allow
  std::vector<std::string> found;
  for (std::size_t a = 0; a < texts.size(); ++a) {
    for (std::size_t b = a + 1; b < texts.size(); ++b) {
      const plot::Rect& one = texts[a].bounds;
      const plot::Rect& two = texts[b].bounds;
      const float across = std::min(one.right, two.right) - std::max(one.left, two.left);
      const float down = std::min(one.bottom, two.bottom) - std::max(one.top, two.top);
      if (across <= kTouch || down <= std::min(one.height(), two.height()) * kLeading) continue;
      found.push_back("'" + texts[a].words + "' and '" + texts[b].words + "'");
    }
  }
  return found;
}

struct Look {
  plot::Size size;
  float zoom = 1;
  plot::Brightness brightness = plot::Brightness::dark;
  bool compares = false;
};

class WindowText : public test::OffscreenWindow {
 protected:
  WindowText() {
    for (int step = 0; step < 420; ++step) {
      if (step == 200) run_.set("max_cache_size", "64");
      history_.append(run_.step());
      other_.append(other_run_.step());
    }
    state_ = run_.state();
    run::LiveState beside = other_run_.state();
    beside.place = 1;
    state_.others = {std::make_shared<const run::LiveState>(std::move(beside))};
    model_.config.layers = 6;
    model_.config.heads = 6;
    model_.config.kv_heads = 6;
    model_.config.positions = 1024;
  }

  std::vector<PlacedText> texts_at(const Look& look, const std::string& front) {
    platform_->resize(look.size);
    Surface surface(*platform_);
    Settings settings;
    settings.zoom = look.zoom;
    settings.brightness = look.brightness;
    static_cast<void>(surface.follow(settings));
    Workspace workspace;
    if (!front.empty()) workspace.set_layout(with_in_front({}, front));
    std::vector<PlacedText> texts;
    for (int frame = 0; frame < 2; ++frame) {
      TextCanvas canvas(surface.canvas());
      platform_->begin_frame();
      ImGui::NewFrame();
      surface.items().begin_frame();
      Surface::begin_root_window(look.size);
      widgets::Selection selection;
      const float gap = surface.theme().gap();
      const plot::Rect whole{0, surface.theme().unit() * 3.84F, look.size.width, look.size.height};
      workspace.draw(whole.inset(gap, gap), {.history = history_,
                                             .occupancies = occupancies_,
                                             .state = state_,
                                             .model = model_,
                                             .selection = selection,
                                             .send = send_,
                                             .canvas = canvas,
                                             .overlay = canvas,
                                             .theme = surface.theme(),
                                             .fonts = surface.fonts(),
                                             .items = surface.items(),
                                             .area = whole,
                                             .pointer = {},
                                             .other = look.compares ? &other_ : nullptr,
                                             .study = nullptr,
                                             .notes = {},
                                             .presets = view::built_in_presets(),
                                             .run_action = [](std::string_view) {}});
      ImGui::End();
      ImGui::Render();
      texts = canvas.texts;
    }
    return texts;
  }

  test::InventedRun run_{{.seed = 1}};
  test::InventedRun other_run_{{.seed = 1}};
  view::History history_;
  view::Occupancies occupancies_;
  view::History other_;
  run::LiveState state_;
  run::ModelInfo model_;
  panels::CommandSink send_ = [](const run::Command&, const std::string&) {};
};

TEST_F(WindowText, NeverLiesOnOtherTextAtAnySizeOfTheWindow) {
  for (const auto& [size, zoom] : std::vector<std::pair<plot::Size, float>>{{{1280, 800}, 1},
                                                                            {{1600, 1000}, 1},
                                                                            {{1920, 1080}, 1.15F},
                                                                            {{2560, 1440}, 1.6F},
                                                                            {{3200, 2000}, 2}}) {
    for (const plot::Brightness brightness : {plot::Brightness::dark, plot::Brightness::light}) {
      for (const bool compares : {false, true}) {
        const auto texts = texts_at({size, zoom, brightness, compares}, "");
        EXPECT_GT(texts.size(), 100U) << "the panels are drawn";
        for (const std::string& pair : overlaps(texts)) {
          ADD_FAILURE() << pair << " at " << size.width << " x " << size.height
                        << (compares ? ", comparing" : "");
        }
      }
    }
  }
}

TEST_F(WindowText, NeverLiesOnOtherTextInThePanelsThatShareAPlace) {
  for (const char* front :
       {"stored", "attention", "attention-grid", "throughput", "inspector", "range", "perplexity",
        "retained-mass", "step", "pages", "allocations"}) {
    for (const plot::Size size : {plot::Size{1280, 800}, plot::Size{2560, 1440}}) {
      for (const std::string& pair : overlaps(texts_at({.size = size}, front))) {
        ADD_FAILURE() << pair << " in " << front << " at " << size.width << " x " << size.height;
      }
    }
  }
}

TEST_F(WindowText, IsTallEnoughToReadWhereThePanelsFit) {
  constexpr float kLeastHeight = 9;  // pixels from ascender to descender
  for (const PlacedText& text : texts_at({.size = {1280, 800}}, "")) {
    EXPECT_GE(text.bounds.height(), kLeastHeight) << text.words;
  }
}

}  // namespace
}  // namespace sketchscope::app
