#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gui/view/run_source.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::test {

/// A synthetic run as a run source, without a thread: while it runs, it makes one step each time
/// its state is read, so that one frame is one step. Runs that are added are of other seeds.
class InventedSource final : public view::RunSource {
 public:
  explicit InventedSource(InventedRunOptions options = {}, bool running = true);

  /// Makes `steps` steps at once.
  void advance(int steps);
  void notify(run::Notice::Kind kind, std::string text);
  /// Returns every command received, such as "SetKnob sketch_width 256", "Play".
  [[nodiscard]] const std::vector<std::string>& commands() const { return commands_; }

  void send(run::Command command, std::string tag) override;
  [[nodiscard]] std::shared_ptr<const run::LiveState> state() const override;
  [[nodiscard]] const record::RecordLog& log() const override { return logs_[0]; }
  [[nodiscard]] const record::RecordLog* compared_log(std::size_t place) const override {
    return &logs_.at(place);
  }
  [[nodiscard]] const run::ModelInfo& model() const override { return model_; }
  [[nodiscard]] std::vector<run::Notice> take_notices() override;
  [[nodiscard]] std::string prompt() const override { return prompt_; }
  [[nodiscard]] bool idle() const override { return true; }

 private:
  void start();
  void make_step();
  void add(const settings::Knobs& knobs);

  InventedRunOptions options_;
  run::ModelInfo model_;
  std::unique_ptr<InventedRun> run_;
  std::array<record::RecordLog, run::kMostRuns> logs_;          ///< by place
  std::map<std::size_t, std::unique_ptr<InventedRun>> others_;  ///< by place
  std::string prompt_ = "In Oldford there lived a baker.";
  std::vector<std::string> commands_;
  std::vector<run::Notice> notices_;
  double speed_ = 10;
  bool running_;
  std::uint64_t runs_ = 0;
  std::int64_t position_ = -1;
};

}  // namespace sketchscope::test
