#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

namespace sketchscope::study {

/// A stream of bytes to a process on this or another machine, or a place where such streams arrive.
/// Calls throw std::system_error with the reason why the other side cannot be reached.
class TcpSocket {
 public:
  TcpSocket() = default;
  /// Takes over an open descriptor.
  explicit TcpSocket(int descriptor) : descriptor_(descriptor) {}
  ~TcpSocket();
  TcpSocket(TcpSocket&& other) noexcept;
  TcpSocket& operator=(TcpSocket&& other) noexcept;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  /// Sends all bytes.
  void send(std::span<const char> bytes) const;
  /// Fills `bytes`. Throws also where the other side closes before, or keeps one who connected to
  /// it waiting for a minute.
  void receive(std::span<char> bytes) const;
  /// Waits for the next stream; one that is not open after shut_down().
  [[nodiscard]] TcpSocket accept() const;
  /// Ends every call that waits on this socket, in whichever thread.
  void shut_down() const;
  /// Returns the port of this machine that it is bound to.
  [[nodiscard]] std::uint16_t port() const;

 private:
  int descriptor_ = -1;
};

/// Who may connect: processes of this machine, or of any that reaches it.
enum class TcpReach : std::uint8_t { this_machine, every_machine };

/// Listens on a port, on a free one where it is 0.
TcpSocket listen_on(std::uint16_t port, TcpReach reach);

/// Connects, and tries again until a listener answers or the time is over.
TcpSocket connect_to(const std::string& host, std::uint16_t port, std::chrono::milliseconds within);

}  // namespace sketchscope::study
