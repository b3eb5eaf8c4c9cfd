#pragma once

#include "engine/run/worker.hpp"
#include "gui/view/run_source.hpp"

namespace sketchscope {

/// The run source of the engine's worker.
class WorkerSource final : public RunSource {
 public:
  WorkerSource(LoadedModel model, WorkerOptions options, std::function<void()> wake)
      : worker_(std::move(model), std::move(options), std::move(wake)) {}

  void send(Command command, std::string tag) override {
    worker_.send(std::move(command), std::move(tag));
  }
  [[nodiscard]] std::shared_ptr<const LiveState> state() const override { return worker_.state(); }
  [[nodiscard]] const RecordLog& log() const override { return worker_.log(); }
  [[nodiscard]] const RecordLog* other_log() const override { return &worker_.other_log(); }
  [[nodiscard]] const ModelInfo& model() const override { return worker_.model(); }
  [[nodiscard]] std::vector<Notice> take_notices() override { return worker_.take_notices(); }
  [[nodiscard]] std::string prompt() const override { return worker_.prompt(); }
  [[nodiscard]] bool idle() const override { return worker_.idle(); }

 private:
  Worker worker_;
};

}  // namespace sketchscope
