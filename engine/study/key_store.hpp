#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sketchscope {

/// A store of named values that the processes of a study share. No call blocks on another process,
/// and all may be called from any thread. Calls throw Error if the store cannot be reached.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  virtual void set(const std::string& key, const std::string& value) = 0;
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& key) = 0;
  /// Adds to a counter, which starts at 0, and returns its new value.
  virtual std::int64_t add(const std::string& key, std::int64_t amount) = 0;
  virtual void remove(const std::string& key) = 0;
};

/// A key store for the threads of one process.
class MemoryKeyStore final : public KeyStore {
 public:
  void set(const std::string& key, const std::string& value) override;
  std::optional<std::string> get(const std::string& key) override;
  std::int64_t add(const std::string& key, std::int64_t amount) override;
  void remove(const std::string& key) override;

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::int64_t> counters_;
};

}  // namespace sketchscope
