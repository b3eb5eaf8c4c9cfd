#include "engine/study/key_store.hpp"

namespace sketchscope {

void MemoryKeyStore::set(const std::string& key, const std::string& value) {
  const std::scoped_lock lock(mutex_);
  values_[key] = value;
}

std::optional<std::string> MemoryKeyStore::get(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t MemoryKeyStore::add(const std::string& key, std::int64_t amount) {
  const std::scoped_lock lock(mutex_);
  return counters_[key] += amount;
}

void MemoryKeyStore::remove(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  values_.erase(key);
}

}  // namespace sketchscope
