#pragma once

#include <filesystem>
#include <string_view>

namespace sketchscope::platform {

/// A log that also receives why the program crashed, if it does. During its lifetime SIGSEGV,
/// SIGBUS, SIGFPE, SIGILL and SIGABRT write their name and the addresses of the calls to the file
/// and to standard error before they end the program as usual. There can be one at a time.
class CrashLog {
 public:
  /// `last_words` is a line for standard error, such as where the run is kept. Throws Error if the
  /// file cannot be written.
  CrashLog(const std::filesystem::path& file, std::string_view last_words);
  ~CrashLog();
  CrashLog(const CrashLog&) = delete;
  CrashLog& operator=(const CrashLog&) = delete;

  /// Appends a line.
  void write(std::string_view line) const;

 private:
  int descriptor_ = -1;
};

}  // namespace sketchscope::platform
