#pragma once

#include <filesystem>

#include "gui/view/run_source.hpp"

namespace sketchscope {

/// The source of a run from a file, which is complete and never changes.
class FileSource final : public RunSource {
 public:
  /// Throws Error if the file cannot be read.
  explicit FileSource(const std::filesystem::path& file);

  /// Ignores the command, and reports once that a saved run cannot be changed.
  void send(Command command, std::string tag) override;
  [[nodiscard]] std::shared_ptr<const LiveState> state() const override { return state_; }
  [[nodiscard]] const RecordLog& log() const override { return log_; }
  [[nodiscard]] const ModelInfo& model() const override { return run_.model; }
  [[nodiscard]] std::vector<Notice> take_notices() override;
  [[nodiscard]] std::string prompt() const override { return run_.prompt; }
  [[nodiscard]] bool idle() const override { return true; }
  [[nodiscard]] std::vector<StepNote> notes() const override { return run_.notes; }
  [[nodiscard]] std::filesystem::path file() const override { return file_; }

 private:
  std::filesystem::path file_;
  SavedRun run_;
  RecordLog log_;
  std::shared_ptr<const LiveState> state_;
  std::vector<Notice> notices_;
  bool refused_ = false;
};

/// Returns the shown run with its notes for saving. Throws Error before the first step.
SavedRun run_to_save(const RunSource& source, std::vector<StepNote> notes = {});

}  // namespace sketchscope
