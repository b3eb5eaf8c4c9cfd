#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/study/rendezvous.hpp"

namespace sketchscope::study {

/// A key store that one process serves over TCP and others reach.
struct TcpKeyStore {
  std::unique_ptr<KeyStore> store;
  std::uint16_t port = 0;
};

/// Serves a key store on `port` to every machine or, where it is 0, on a free port to processes of
/// this machine. Throws Error if the port is taken.
TcpKeyStore serve_key_store(std::uint16_t port);

/// Connects to a key store, waiting for its server as long as `within`. Throws Error that names the
/// address.
TcpKeyStore join_key_store(const std::string& host, std::uint16_t port,
                           std::chrono::milliseconds within = std::chrono::minutes(1));

}  // namespace sketchscope::study
