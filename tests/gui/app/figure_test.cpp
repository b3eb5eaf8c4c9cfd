#include "gui/app/figure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "gui/app/app.hpp"
#include "gui/platform/picture.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(FigureFormat, IsNamedByTheEndingOfTheFile) {
  EXPECT_EQ(figure_format_of("a.svg"), FigureFormat::svg);
  EXPECT_EQ(figure_format_of("b/c.csv"), FigureFormat::csv);
  EXPECT_THROW(static_cast<void>(figure_format_of("a.jpg")), core::UsageError);
  EXPECT_THROW(static_cast<void>(figure_format_of("png")), core::UsageError);
}

class FigureCommand : public ::testing::Test {
 protected:
  FigureCommand() {
    model_.name = "tales";
    model_.directory = "/models/my tales";
    model_.dtype = "f16";
    run_.set("sketch_width", "256");
    for (int step = 0; step < 40; ++step) {
      if (step == 30) run_.set("max_cache_size", "80");
      history_.append(run_.step());
    }
    state_ = run_.state();
  }
  [[nodiscard]] FigureFacts facts() const {
    return {.history = history_,
            .state = state_,
            .model = model_,
            .selection = selection_,
            .prompt = "It's a key.\nWhere?",
            .window = {1600, 1000}};
  }

  test::InventedRun run_;
  view::History history_;
  run::LiveState state_;
  run::ModelInfo model_;
  widgets::Selection selection_;
};

TEST_F(FigureCommand, NamesTheRunAndWhatIsLookedAt) {
  selection_.locked_step = 12;
  selection_.layer = 3;
  selection_.divergence_scale = plot::Scale::log10;
  selection_.window.show({5, 25}, 40);
  const std::string line = figure_command(facts(), {.panel = "memory", .scale = 2}, "x/f.png");
  EXPECT_THAT(line, StartsWith("sketchscope view --model '/models/my tales' --dtype f16"));
  EXPECT_THAT(line, HasSubstr("--prompt 'It'\\''s a key.\nWhere?'"));
  EXPECT_THAT(line, HasSubstr("--frames 40 --width 1600 --height 1000"));
  EXPECT_THAT(line, HasSubstr("30:max_cache_size=80"));
  EXPECT_THAT(line, Not(HasSubstr("--max-cache-size"))) << "it began with the usual one";
  EXPECT_THAT(line, HasSubstr("--at 12 --layer 3 --range 5:25 --do log_scale"));
  EXPECT_THAT(line, HasSubstr("--panel memory --scale 2 --screenshot f.png"));
}

TEST_F(FigureCommand, ShowsTheSamePositions) {
  EXPECT_THAT(figure_command(facts(), {}, "f.png"), Not(HasSubstr("--position-range")));
  selection_.positions.show(
      {10, 60},
      view::position_span(static_cast<int>(history_.tokens().size()), model_.config.positions));
  EXPECT_THAT(figure_command(facts(), {}, "f.png"), HasSubstr("--position-range 10:59"));
}

TEST_F(FigureCommand, NamesThePositionAndTheEvictionThatArePinned) {
  EXPECT_THAT(figure_command(facts(), {}, "f.png"),
              ::testing::AllOf(Not(HasSubstr("--position")), Not(HasSubstr("--eviction"))));
  selection_.locked_position = 7;
  selection_.eviction = widgets::EvictionKey{.step = 31, .layer = 2, .position = 7, .head = 1};
  selection_.head = 1;
  EXPECT_THAT(figure_command(facts(), {}, "f.png"),
              HasSubstr("--position 7 --eviction 31:2:7:1 --head 1"));
}

TEST_F(FigureCommand, ListsTheSameEvictions) {
  EXPECT_THAT(figure_command(facts(), {}, "f.png"), Not(HasSubstr("--evictions")));
  FigureFacts some = facts();
  some.evictions_choice = {.filter = "L3 was", .order = "regret", .descending = true};
  EXPECT_THAT(figure_command(some, {.panel = "evictions"}, "f.png"),
              HasSubstr("--evictions-filter 'L3 was' --evictions-order regret:descending"));
}

TEST_F(FigureCommand, ChoosesTheStartTokenAsTheRunDid) {
  EXPECT_THAT(figure_command(facts(), {}, "f.png"), Not(HasSubstr("--bos")));
  state_.start_token = model::StartToken::off;
  EXPECT_THAT(figure_command(facts(), {}, "f.png"), HasSubstr("--bos off"));
}

TEST_F(FigureCommand, OpensTheFileOfASavedRun) {
  FigureFacts saved = facts();
  saved.run_file = "run 1.scope";
  const std::string line = figure_command(saved, {}, "f.svg");
  EXPECT_THAT(line, StartsWith("sketchscope view 'run 1.scope' --offscreen --width"));
}

TEST_F(FigureCommand, StandsInTheDescriptionBesideVersionConfigurationAndSeed) {
  const auto json = nlohmann::json::parse(figure_description(facts(), {.panel = "why"}, "f.csv"));
  EXPECT_EQ(json.at("version"), core::program_version());
  EXPECT_EQ(json.at("config").at("seed"), 42);
  EXPECT_EQ(json.at("config").at("max_cache_size"), 128) << "as the run began";
  EXPECT_EQ(json.at("changes").back().at("to"), "80");
  EXPECT_EQ(json.at("step"), 39);
  EXPECT_THAT(json.at("command"), HasSubstr("--panel why"));
}

TEST_F(FigureCommand, MakesTheSecondRunWhereTwoAreCompared) {
  test::InventedRunOptions options;
  settings::set_knob(options.knobs, "policy", "window");
  test::InventedRun other(options);
  view::History others;
  for (int step = 0; step < 40; ++step) {
    if (step == 20) other.set("recent_window", "6");
    others.append(other.step());
  }
  run::LiveState beside = other.state();
  beside.place = 1;
  state_.others = {std::make_shared<const run::LiveState>(std::move(beside))};
  FigureFacts both = facts();
  EXPECT_THAT(figure_command(both, {}, "f.png"), Not(HasSubstr("--compare")));
  both.other = &others;
  EXPECT_THAT(
      figure_command(both, {}, "f.png"),
      HasSubstr(
          "--compare own --compare-knobs policy=window --compare-changes 20:recent_window=6"));
  const auto json = nlohmann::json::parse(figure_description(both, {.panel = "memory"}, "f.svg"));
  EXPECT_EQ(json.at("config").at("policy"), "sketch");
  EXPECT_EQ(json.at("other").at("config").at("policy"), "window");
  EXPECT_EQ(json.at("other").at("config").at("recent_window"), options.knobs.recent_window)
      << "as it began";
  EXPECT_EQ(json.at("other").at("changes").at(0).at("knob"), "recent_window");
  state_.other_tokens = run::ComparedTokens::same;
  EXPECT_THAT(figure_command(both, {}, "f.png"), HasSubstr("--compare same"));
}

TEST_F(FigureCommand, OpensTheStudyAndTellsOfItsKnobsWhereItIsShown) {
  const view::StudySheet study{
      .name = "small",
      .model = "other model",
      .rows = {{.name = "a", .knobs = {.policy = "tova", .max_cache_size = 32}},
               {.name = "b", .knobs = {.policy = "window", .max_cache_size = 32}}}};
  FigureFacts with_study = facts();
  with_study.study = &study;
  with_study.study_folder = "my results";
  EXPECT_THAT(figure_command(with_study, {.panel = "study"}, "f.csv"),
              HasSubstr("--offscreen --study 'my results'"));
  with_study.study_choice = {.filter = "logit_kl<0.1",
                             .order = "policy",
                             .descending = true,
                             .reference = "tova 32",
                             .columns = {"policy", "bytes"}};
  EXPECT_THAT(figure_command(with_study, {.panel = "study"}, "f.csv"),
              HasSubstr("--study-filter 'logit_kl<0.1' --study-order policy:descending "
                        "--study-against 'tova 32' --study-columns policy,bytes"));
  with_study.run_file = "run.scope";
  EXPECT_THAT(figure_command(with_study, {}, "f.png"),
              StartsWith("sketchscope view run.scope --offscreen --study 'my results'"));
  const auto described = [&](const std::string& panel) {
    return nlohmann::json::parse(figure_description(with_study, {.panel = panel}, "f.csv"));
  };
  EXPECT_EQ(described("study").at("model"), "other model");
  EXPECT_EQ(described("study").at("study").at("against"), "tova 32");
  EXPECT_EQ(described("study").at("config").at("max_cache_size"), 32);
  EXPECT_FALSE(described("study").at("config").contains("policy")) << "it varies";
  EXPECT_EQ(described("study").at("study").at("varies").at(0), "policy");
  EXPECT_EQ(described("memory").at("config").at("max_cache_size"), 128) << "the run's";
  EXPECT_EQ(described("memory").at("study").at("folder"), "my results");
}

class Export : public test::OffscreenWindow {
 protected:
  void SetUp() override {
    test::OffscreenWindow::SetUp();
    if (IsSkipped()) return;
    source_.advance(200);
    app_.emplace(*platform_, source_);
    app_->set_export_folder(folder_.path());
    for (int frame = 0; frame < 3; ++frame) app_->frame();
  }
  /// The file that an action leaves.
  std::string made_by(const std::string& action) {
    app_->actions().find(action)->run();
    app_->frame();
    EXPECT_TRUE(app_->notices().errors().empty());
    const std::filesystem::directory_iterator files(folder_.path());
    if (files == std::filesystem::directory_iterator()) return {};
    std::string bytes = support::read_bytes(files->path());
    std::filesystem::remove(files->path());
    return bytes;
  }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  std::optional<App> app_;
};

int png_width(const std::string& png) {
  return (static_cast<unsigned char>(png.at(18)) << 8) + static_cast<unsigned char>(png.at(19));
}

TEST_F(Export, WritesEveryPanelInEveryFormatWithTheConfigurationInside) {
  for (const widgets::Action& action : app_->actions().all()) {
    const std::string kind = action.name.substr(0, action.name.find('_'));
    const bool figure = kind == "png" || kind == "svg" || kind == "csv";
    if (!figure || !action.is_enabled()) continue;
    const std::string bytes = made_by(action.name);
    EXPECT_THAT(bytes, HasSubstr("sketchscope/figure/1")) << action.name;
    EXPECT_THAT(bytes, HasSubstr("max_cache_size")) << action.name;
  }
}

TEST_F(Export, DrawsAPanelAsLargeAsItsCardOrTwice) {
  const float width = app_->items().find("memory")->rect.width();
  EXPECT_EQ(png_width(made_by("png_memory")), std::round(width));
  EXPECT_EQ(png_width(made_by("png2_memory")), std::round(2 * width));
  EXPECT_EQ(png_width(made_by("png2_window")), 3200);
}

TEST_F(Export, DrawsAPanelForPrintAsLargeAsThePaperAsks) {
  const WindowFigure figure{.panel = "next-token-kl",
                            .print = PrintSize{.width_mm = 85, .height_mm = 55, .dpi = 300}};
  app_->save_figure(figure, folder_.path() / "print.png");
  const plot::Image made = platform::read_png(folder_.path() / "print.png");
  EXPECT_NEAR(made.width, 85 / 25.4 * 300, 1);
  EXPECT_NEAR(made.height, 55 / 25.4 * 300, 1);
  EXPECT_EQ(made.pixels.front(), plot::Color::hex(0xffffff)) << "white to the edge";
}

TEST_F(Export, WritesAPanelForPrintAsPdfWithTheConfigurationInside) {
  app_->save_figure({.panel = "memory", .format = FigureFormat::pdf}, folder_.path() / "m.pdf");
  const std::string pdf = support::read_bytes(folder_.path() / "m.pdf");
  EXPECT_THAT(pdf, StartsWith("%PDF-"));
  EXPECT_THAT(pdf, HasSubstr("/MediaBox [ 0 0 240.9"));  // 85 mm
  EXPECT_THROW(app_->save_figure({.format = FigureFormat::pdf, .print = PrintSize{}},
                                 folder_.path() / "w.pdf"),
               core::UsageError);
}

TEST_F(Export, GivesAPanelForPrintTheRoomThatItsPartsNeed) {
  const auto file = folder_.path() / "why.svg";
  const WindowFigure usual{.panel = "why", .format = FigureFormat::svg, .print = PrintSize{}};
  app_->save_figure(usual, file);
  const std::string svg = support::read_bytes(file);
  EXPECT_THAT(svg, HasSubstr("width=\"85mm\""));
  EXPECT_THAT(svg, HasSubstr("score"));
  EXPECT_THAT(svg, HasSubstr("--mm 85x")) << "the command draws it again as large as it is";
  WindowFigure small = usual;
  small.print = PrintSize{.width_mm = 60, .height_mm = 30, .may_grow = false};
  try {
    app_->save_figure(small, folder_.path() / "small.svg");
    FAIL() << "it was drawn";
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("panel why"));
    EXPECT_THAT(error.what(), HasSubstr("--mm "));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "small.svg"));
}

TEST_F(Export, LeavesTheWindowAsItWasWhereAPrintIsRefused) {
  const plot::Image before = platform_->screenshot({});
  const WindowFigure small{.panel = "occupancy",
                           .format = FigureFormat::png,
                           .print = PrintSize{.width_mm = 12, .height_mm = 12, .may_grow = false}};
  EXPECT_THROW(app_->save_figure(small, folder_.path() / "small.png"), core::UsageError);
  for (int frame = 0; frame < 3; ++frame) app_->frame();
  EXPECT_TRUE(platform_->screenshot({}).pixels == before.pixels);
}

TEST_F(Export, LabelsTheAxesOfAFigureForPrint) {
  app_->save_figure({.panel = "attention-kl", .format = FigureFormat::svg, .print = PrintSize{}},
                    folder_.path() / "p.svg");
  const std::string svg = support::read_bytes(folder_.path() / "p.svg");
  EXPECT_THAT(svg, HasSubstr(">KL, nats</text>"));
  EXPECT_THAT(svg, HasSubstr(">step</text>"));
  EXPECT_THAT(svg, Not(HasSubstr(">Attention KL</text>"))) << "a caption is the paper's";
}

TEST_F(Export, DrawsAPanelInTheSizeThatIsAskedFor) {
  app_->save_figure({.panel = "memory", .scale = 2, .size = plot::Size{900, 500}},
                    folder_.path() / "large.png");
  const plot::Image made = platform::read_png(folder_.path() / "large.png");
  EXPECT_EQ(made.width, 1800);
  EXPECT_EQ(made.height, 1000);
}

TEST_F(Export, LeavesTheWindowAsItWas) {
  const plot::Image before = platform_->screenshot({});
  static_cast<void>(made_by("png2_memory"));
  static_cast<void>(made_by("svg_window"));
  app_->actions().find("dismiss")->run();
  for (int frame = 0; frame < 3; ++frame) app_->frame();
  EXPECT_TRUE(platform_->screenshot({}).pixels == before.pixels);
}

TEST_F(Export, WritesWordsAndCurvesOfAPanelAsSvg) {
  const std::string svg = made_by("svg_memory");
  EXPECT_THAT(svg, StartsWith("<svg"));
  EXPECT_THAT(svg, HasSubstr(">Memory</text>"));
  EXPECT_THAT(svg, HasSubstr("<polyline"));
}

TEST_F(Export, WritesTheNumbersOfAPanelAsCsv) {
  const std::string csv = made_by("csv_memory");
  EXPECT_THAT(csv, HasSubstr("\nstep,kv_bytes,sketch_bytes,"));
  const auto& record = *app_->history().records()[137];
  EXPECT_THAT(csv, HasSubstr("\n137," + std::to_string(record.memory.kv_stored) + ","));
  EXPECT_EQ(std::ranges::count(csv.substr(csv.find("\nstep,")), '\n'), 202) << "a line a step";
}

TEST_F(Export, SaysWhyAFileCannotBeWritten) {
  app_->set_export_folder(folder_.path() / "missing");
  app_->actions().find("svg_memory")->run();
  app_->frame();
  ASSERT_EQ(app_->notices().errors().size(), 1U);
  EXPECT_THAT(app_->notices().errors().back(), HasSubstr("missing"));
}

}  // namespace
}  // namespace sketchscope::app
