#include "engine/study/rendezvous.hpp"

#include <chrono>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "engine/core/error.hpp"

namespace sketchscope::study {
namespace {

using namespace std::chrono_literals;

// Returns the first line of LibTorch's message, without the stack trace after it.
std::string reason(const std::exception& failure) {
  const std::string text = failure.what();
  return text.substr(0, text.find('\n'));
}

class TcpStore final : public KeyStore {
 public:
  explicit TcpStore(std::unique_ptr<c10d::TCPStore> store) : store_(std::move(store)) {}

  void set(const std::string& key, const std::string& value) override {
    reach([&] { store_->set(key, std::vector<std::uint8_t>(value.begin(), value.end())); });
  }

  std::optional<std::string> get(const std::string& key) override {
    std::optional<std::string> value;
    reach([&] {
      if (!store_->check({key})) return;
      const std::vector<std::uint8_t> bytes = store_->get(key);
      value.emplace(bytes.begin(), bytes.end());
    });
    return value;
  }

  std::int64_t add(const std::string& key, std::int64_t amount) override {
    std::int64_t sum = 0;
    reach([&] { sum = store_->add(key, amount); });
    return sum;
  }

  void remove(const std::string& key) override {
    reach([&] { store_->deleteKey(key); });
  }

 private:
  template <typename Call>
  void reach(const Call& call) {
    try {
      call();
    } catch (const std::exception& failure) {
      throw core::Error(
          {.what = "rank 0 of the study cannot be reached at " + store_->getHost() + ":" +
                   std::to_string(store_->getPort()),
           .found = reason(failure),
           .remedy = "It has ended or its network is down; begin again with --resume"});
    }
  }

  std::unique_ptr<c10d::TCPStore> store_;
};

TcpKeyStore open(const std::string& host, const c10d::TCPStoreOptions& options,
                 const std::string& remedy) {
  try {
    auto store = std::make_unique<c10d::TCPStore>(host, options);
    const std::uint16_t port = store->getPort();
    return {.store = std::make_unique<TcpStore>(std::move(store)), .port = port};
  } catch (const std::exception& failure) {
    throw core::Error({.what = "queue of the study at " + host + ":" + std::to_string(options.port),
                       .found = reason(failure),
                       .remedy = remedy});
  }
}

}  // namespace

TcpKeyStore serve_key_store(std::uint16_t port) {
  c10d::TCPStoreOptions options;
  options.port = port;
  options.isServer = true;
  options.waitWorkers = false;
  return open("localhost", options, "Free the port, or name another as MASTER_PORT");
}

TcpKeyStore join_key_store(const std::string& host, std::uint16_t port) {
  c10d::TCPStoreOptions options;
  options.port = port;
  options.waitWorkers = false;
  options.timeout = 60s;
  return open(host, options, "Start rank 0 there; check MASTER_ADDR and MASTER_PORT");
}

}  // namespace sketchscope::study
