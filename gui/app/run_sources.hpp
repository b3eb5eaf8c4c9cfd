#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "engine/run/worker.hpp"
#include "gui/view/run_source.hpp"

namespace sketchscope::app {

/// The run source of the engine's worker.
class WorkerSource final : public view::RunSource {
 public:
  WorkerSource(model::LoadedModel model, run::WorkerOptions options, std::function<void()> wake)
      : worker_(std::move(model), std::move(options), std::move(wake)) {}

  void send(run::Command command, std::string tag) override {
    worker_.send(std::move(command), std::move(tag));
  }
  [[nodiscard]] std::shared_ptr<const run::LiveState> state() const override {
    return worker_.state();
  }
  [[nodiscard]] const record::RecordLog& log() const override { return worker_.log(); }
  [[nodiscard]] const record::RecordLog* compared_log(std::size_t place) const override {
    return &worker_.log(place);
  }
  [[nodiscard]] const run::ModelInfo& model() const override { return worker_.model(); }
  [[nodiscard]] std::vector<run::Notice> take_notices() override { return worker_.take_notices(); }
  [[nodiscard]] std::string prompt() const override { return worker_.prompt(); }
  [[nodiscard]] bool idle() const override { return worker_.idle(); }

 private:
  run::Worker worker_;
};

/// The source of a run from a file, which is complete and never changes.
class FileSource final : public view::RunSource {
 public:
  /// Throws Error if the file cannot be read.
  explicit FileSource(const std::filesystem::path& file);

  /// Ignores the command, and reports once that a saved run cannot be changed.
  void send(run::Command command, std::string tag) override;
  [[nodiscard]] std::shared_ptr<const run::LiveState> state() const override { return state_; }
  [[nodiscard]] const record::RecordLog& log() const override { return log_; }
  [[nodiscard]] const run::ModelInfo& model() const override { return run_.model; }
  [[nodiscard]] std::vector<run::Notice> take_notices() override {
    return std::exchange(notices_, {});
  }
  [[nodiscard]] std::string prompt() const override { return run_.prompt; }
  [[nodiscard]] bool idle() const override { return true; }
  [[nodiscard]] std::vector<run::StepNote> notes() const override { return run_.notes; }
  [[nodiscard]] std::filesystem::path file() const override { return file_; }

 private:
  std::filesystem::path file_;
  run::SavedRun run_;
  record::RecordLog log_;
  std::shared_ptr<const run::LiveState> state_;
  std::vector<run::Notice> notices_;
  bool refused_ = false;
};

/// Returns the shown run with its notes for saving. Throws Error before the first step.
run::SavedRun run_to_save(const view::RunSource& source, std::vector<run::StepNote> notes = {});

/// A run source that forwards to another one, which can be exchanged between two frames.
class ReplaceableSource final : public view::RunSource {
 public:
  explicit ReplaceableSource(std::unique_ptr<view::RunSource> source)
      : source_(std::move(source)) {}

  /// Returns the former source, whose destruction may take as long as a step.
  [[nodiscard]] std::unique_ptr<view::RunSource> exchange(std::unique_ptr<view::RunSource> source) {
    return std::exchange(source_, std::move(source));
  }

  void send(run::Command command, std::string tag) override {
    source_->send(std::move(command), std::move(tag));
  }
  [[nodiscard]] std::shared_ptr<const run::LiveState> state() const override {
    return source_->state();
  }
  [[nodiscard]] const record::RecordLog& log() const override { return source_->log(); }
  [[nodiscard]] const record::RecordLog* compared_log(std::size_t place) const override {
    return source_->compared_log(place);
  }
  [[nodiscard]] const run::ModelInfo& model() const override { return source_->model(); }
  [[nodiscard]] std::vector<run::Notice> take_notices() override { return source_->take_notices(); }
  [[nodiscard]] std::string prompt() const override { return source_->prompt(); }
  [[nodiscard]] bool idle() const override { return source_->idle(); }
  [[nodiscard]] std::vector<run::StepNote> notes() const override { return source_->notes(); }
  [[nodiscard]] std::filesystem::path file() const override { return source_->file(); }

 private:
  std::unique_ptr<view::RunSource> source_;
};

}  // namespace sketchscope::app
