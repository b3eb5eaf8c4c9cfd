// A request is the call of one member of KeyStore; its reply is what the call returned. Both have a
// fixed head and after it the bytes of key and value. Numbers are in the byte order of the machine,
// which the greeting holds to be the same on both sides.
#include "engine/study/tcp_key_store.hpp"

#include <cstring>
#include <list>
#include <system_error>
#include <thread>

#include "engine/core/error.hpp"
#include "engine/study/tcp_socket.hpp"

namespace sketchscope::study {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kGreeting = 0x736b65746368'0001;  // "sketch", and the version of the words
constexpr std::uint32_t kMostKeyBytes = 1 << 10;
constexpr std::uint32_t kMostValueBytes = 1 << 26;

enum class Call : std::uint32_t { set, get, add, remove };

struct RequestHead {
  Call call = Call::get;
  std::uint32_t key_bytes = 0;
  std::uint32_t value_bytes = 0;
  std::uint32_t unused = 0;
  std::int64_t amount = 0;
};

struct ReplyHead {
  std::uint32_t has_value = 0;
  std::uint32_t value_bytes = 0;
  std::int64_t sum = 0;
};

template <typename Value>
void send_value(const TcpSocket& socket, const Value& value) {
  socket.send({reinterpret_cast<const char*>(&value), sizeof value});
}

template <typename Value>
Value receive_value(const TcpSocket& socket) {
  Value value{};
  socket.receive({reinterpret_cast<char*>(&value), sizeof value});
  return value;
}

/// Receives bytes whose number the other side says. Throws where there are more than `most`.
std::string receive_bytes(const TcpSocket& socket, std::uint32_t count, std::uint32_t most) {
  if (count > most) throw std::system_error(std::make_error_code(std::errc::message_size));
  std::string bytes(count, '\0');
  socket.receive(bytes);
  return bytes;
}

/// Greets the other side and expects the same greeting.
void greet(const TcpSocket& socket) {
  send_value(socket, kGreeting);
  if (receive_value<std::uint64_t>(socket) != kGreeting) {
    throw std::system_error(std::make_error_code(std::errc::protocol_error),
                            "another program or version answers");
  }
}

/// A key store in this process that it serves to others, a thread for each.
class ServedKeyStore final : public KeyStore {
 public:
  explicit ServedKeyStore(TcpSocket listener)
      : listener_(std::move(listener)), accepting_([this] { accept_all(); }) {}

  ~ServedKeyStore() override {
    listener_.shut_down();
    accepting_.join();
    for (const Guest& guest : guests_) guest.socket.shut_down();
  }
  ServedKeyStore(const ServedKeyStore&) = delete;
  ServedKeyStore& operator=(const ServedKeyStore&) = delete;

  void set(const std::string& key, const std::string& value) override { values_.set(key, value); }
  std::optional<std::string> get(const std::string& key) override { return values_.get(key); }
  std::int64_t add(const std::string& key, std::int64_t amount) override {
    return values_.add(key, amount);
  }
  void remove(const std::string& key) override { values_.remove(key); }

 private:
  struct Guest {
    TcpSocket socket;
    std::jthread thread;
  };

  void accept_all() {
    try {
      for (TcpSocket socket = listener_.accept(); socket.is_open(); socket = listener_.accept()) {
        Guest& guest = guests_.emplace_back(std::move(socket));
        guest.thread = std::jthread([this, &guest] { serve(guest.socket); });
      }
    } catch (const std::system_error&) {
      // Without descriptors for more guests, those that are here are served on.
    }
  }

  /// Answers requests until the guest leaves or says what makes no sense.
  void serve(const TcpSocket& socket) {
    try {
      greet(socket);
      while (true) answer(socket);
    } catch (const std::system_error&) {
      socket.shut_down();
    }
  }

  void answer(const TcpSocket& socket) {
    const auto head = receive_value<RequestHead>(socket);
    const std::string key = receive_bytes(socket, head.key_bytes, kMostKeyBytes);
    const std::string value = receive_bytes(socket, head.value_bytes, kMostValueBytes);
    ReplyHead reply;
    std::optional<std::string> found;
    switch (head.call) {
      case Call::set:
        set(key, value);
        break;
      case Call::get:
        found = get(key);
        break;
      case Call::add:
        reply.sum = add(key, head.amount);
        break;
      case Call::remove:
        remove(key);
        break;
      default:
        throw std::system_error(std::make_error_code(std::errc::bad_message));
    }
    reply.has_value = found ? 1 : 0;
    reply.value_bytes = found ? static_cast<std::uint32_t>(found->size()) : 0;
    send_value(socket, reply);
    if (found) socket.send(*found);
  }

  MemoryKeyStore values_;
  TcpSocket listener_;
  std::list<Guest> guests_;  // only the accepting thread adds to it
  std::jthread accepting_;
};

/// The key store of another process.
class RemoteKeyStore final : public KeyStore {
 public:
  RemoteKeyStore(TcpSocket socket, std::string address)
      : socket_(std::move(socket)), address_(std::move(address)) {}

  void set(const std::string& key, const std::string& value) override {
    ask({.call = Call::set}, key, value);
  }
  std::optional<std::string> get(const std::string& key) override {
    return ask({.call = Call::get}, key, {}).value;
  }
  std::int64_t add(const std::string& key, std::int64_t amount) override {
    return ask({.call = Call::add, .amount = amount}, key, {}).sum;
  }
  void remove(const std::string& key) override { ask({.call = Call::remove}, key, {}); }

 private:
  struct Reply {
    std::optional<std::string> value;
    std::int64_t sum = 0;
  };

  Reply ask(RequestHead head, const std::string& key, const std::string& value) {
    const std::scoped_lock lock(mutex_);
    try {
      head.key_bytes = static_cast<std::uint32_t>(key.size());
      head.value_bytes = static_cast<std::uint32_t>(value.size());
      send_value(socket_, head);
      socket_.send(key);
      socket_.send(value);
      const auto reply = receive_value<ReplyHead>(socket_);
      Reply answer{.value = std::nullopt, .sum = reply.sum};
      if (reply.has_value != 0) {
        answer.value = receive_bytes(socket_, reply.value_bytes, kMostValueBytes);
      }
      return answer;
    } catch (const std::system_error& failure) {
      throw core::Error(
          {.what = "rank 0 of the study cannot be reached at " + address_,
           .found = failure.what(),
           .remedy = "It has ended or its network is down; begin again with --resume"});
    }
  }

  std::mutex mutex_;
  TcpSocket socket_;
  std::string address_;
};

}  // namespace

TcpKeyStore serve_key_store(std::uint16_t port) {
  try {
    TcpSocket listener =
        listen_on(port, port == 0 ? TcpReach::this_machine : TcpReach::every_machine);
    const std::uint16_t bound = listener.port();
    return {.store = std::make_unique<ServedKeyStore>(std::move(listener)), .port = bound};
  } catch (const std::system_error& failure) {
    throw core::Error({.what = "queue of the study at port " + std::to_string(port),
                       .found = failure.what(),
                       .remedy = "Free the port, or name another as MASTER_PORT"});
  }
}

TcpKeyStore join_key_store(const std::string& host, std::uint16_t port,
                           std::chrono::milliseconds within) {
  const std::string address = host + ":" + std::to_string(port);
  try {
    TcpSocket socket = connect_to(host, port, within);
    greet(socket);
    return {.store = std::make_unique<RemoteKeyStore>(std::move(socket), address), .port = port};
  } catch (const std::system_error& failure) {
    throw core::Error({.what = "queue of the study at " + address,
                       .found = failure.what(),
                       .remedy = "Start rank 0 there; check MASTER_ADDR and MASTER_PORT"});
  }
}

}  // namespace sketchscope::study
