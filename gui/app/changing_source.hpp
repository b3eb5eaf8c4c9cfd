#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "gui/view/run_source.hpp"

namespace sketchscope {

/// A run source that forwards to another one, which can be exchanged between two frames.
class ChangingSource final : public RunSource {
 public:
  explicit ChangingSource(std::unique_ptr<RunSource> source) : source_(std::move(source)) {}

  /// Returns the former source, whose destruction may take as long as a step.
  [[nodiscard]] std::unique_ptr<RunSource> exchange(std::unique_ptr<RunSource> source) {
    return std::exchange(source_, std::move(source));
  }

  void send(Command command, std::string tag) override {
    source_->send(std::move(command), std::move(tag));
  }
  [[nodiscard]] std::shared_ptr<const LiveState> state() const override { return source_->state(); }
  [[nodiscard]] const RecordLog& log() const override { return source_->log(); }
  [[nodiscard]] const RecordLog* other_log() const override { return source_->other_log(); }
  [[nodiscard]] const ModelInfo& model() const override { return source_->model(); }
  [[nodiscard]] std::vector<Notice> take_notices() override { return source_->take_notices(); }
  [[nodiscard]] std::string prompt() const override { return source_->prompt(); }
  [[nodiscard]] bool idle() const override { return source_->idle(); }
  [[nodiscard]] std::vector<StepNote> notes() const override { return source_->notes(); }
  [[nodiscard]] std::filesystem::path file() const override { return source_->file(); }

 private:
  std::unique_ptr<RunSource> source_;
};

}  // namespace sketchscope
