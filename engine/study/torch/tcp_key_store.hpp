#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/study/key_store.hpp"

namespace sketchscope {

/// A key store that one process serves over TCP, implemented by LibTorch's TCPStore.
struct TcpKeyStore {
  std::unique_ptr<KeyStore> store;
  std::uint16_t port = 0;
};

/// Serves a key store on `port`, or on a free port if it is 0. Throws Error if the port is taken.
TcpKeyStore serve_key_store(std::uint16_t port);
/// Connects to a key store, waiting up to a minute for its server. Throws Error that names the
/// address.
TcpKeyStore join_key_store(const std::string& host, std::uint16_t port);

}  // namespace sketchscope
