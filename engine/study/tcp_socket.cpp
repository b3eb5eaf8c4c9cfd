#include "engine/study/tcp_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace sketchscope::study {
namespace {

using namespace std::chrono_literals;

/// How long one who connected waits for what was asked for: a listener whose machine has stopped
/// never says so.
constexpr std::chrono::seconds kPatience = 60s;

[[noreturn]] void fail(int error) {
  throw std::system_error(error, std::generic_category());
}

/// Returns the result of a system call. Throws where it failed.
template <typename Result>
Result checked(Result result) {
  if (result < 0) fail(errno);
  return result;
}

template <typename Call>
auto repeat_if_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

void set_option(int descriptor, int level, int name, int value) {
  checked(::setsockopt(descriptor, level, name, &value, sizeof value));
}

struct AddressListDeleter {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

AddressList addresses_of(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (problem == EAI_SYSTEM) fail(errno);
  if (problem != 0) {
    throw std::system_error(std::make_error_code(std::errc::host_unreachable),
                            ::gai_strerror(problem));
  }
  return AddressList(found);
}

/// Connects to the first of a host's addresses that answers. Returns 0, or the last one's error.
int connect_once(const addrinfo* addresses, TcpSocket& connected) {
  int error = EHOSTUNREACH;
  for (const addrinfo* at = addresses; at != nullptr; at = at->ai_next) {
    const int descriptor = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    TcpSocket socket(descriptor);
    if (!socket.is_open() || ::connect(descriptor, at->ai_addr, at->ai_addrlen) != 0) {
      error = errno;
      continue;
    }
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    checked(::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
    connected = std::move(socket);
    return 0;
  }
  return error;
}

}  // namespace

TcpSocket::~TcpSocket() {
  if (is_open()) ::close(descriptor_);
}

TcpSocket::TcpSocket(TcpSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

TcpSocket& TcpSocket::operator=(TcpSocket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void TcpSocket::send(std::span<const char> bytes) const {
  while (!bytes.empty()) {
    const auto sent = checked(repeat_if_interrupted(
        [&] { return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }));
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

void TcpSocket::receive(std::span<char> bytes) const {
  while (!bytes.empty()) {
    const auto got = checked(
        repeat_if_interrupted([&] { return ::recv(descriptor_, bytes.data(), bytes.size(), 0); }));
    if (got == 0) fail(ECONNRESET);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

TcpSocket TcpSocket::accept() const {
  const int descriptor =
      repeat_if_interrupted([&] { return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC); });
  if (descriptor < 0 && errno == EINVAL) return {};
  TcpSocket socket(checked(descriptor));
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  return socket;
}

void TcpSocket::shut_down() const {
  ::shutdown(descriptor_, SHUT_RDWR);
}

std::uint16_t TcpSocket::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  checked(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size));
  // Both families have the port at the same place.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

TcpSocket listen_on(std::uint16_t port, TcpReach reach) {
  constexpr int kWaiting = 128;  // connections that may wait to be accepted
  const int descriptor = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  TcpSocket socket(descriptor);
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(reach == TcpReach::this_machine ? INADDR_LOOPBACK : INADDR_ANY);
  checked(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  checked(::listen(descriptor, kWaiting));
  return socket;
}

TcpSocket connect_to(const std::string& host, std::uint16_t port,
                     std::chrono::milliseconds within) {
  const auto until = std::chrono::steady_clock::now() + within;
  const AddressList addresses = addresses_of(host, port);
  TcpSocket socket;
  while (true) {
    const int error = connect_once(addresses.get(), socket);
    if (error == 0) return socket;
    if (std::chrono::steady_clock::now() >= until) fail(error);
    std::this_thread::sleep_for(100ms);
  }
}

}  // namespace sketchscope::study
