"""Our keys, signatures and keystores against eth-account, eth-keys and coincurve."""

import base64
import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
from coincurve import PublicKey
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys import keys as eth_keys

TOOL = Path(os.environ["MLPROV_BIN"]) / "identity_tool"
PAYLOAD_TYPE = b"application/vnd.in-toto+json"
# Fixed keys of every kind of size, so that a failure can be repeated.
KEYS = [hashlib.sha256(b"test key %d" % i).hexdigest() for i in range(8)]
KEYS += ["46" * 32, "00" * 31 + "01",
         "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"]


def run(*arguments, data=b""):
    done = subprocess.run([str(TOOL), *arguments], input=data, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode().rstrip("\n"), done.stderr.decode()


def ours(*arguments, data=b""):
    code, output, errors = run(*arguments, data=data)
    assert code == 0, f"{arguments[0]}: {errors}"
    return output


def pae(payload):
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE, len(payload), payload)


def payload_for(key):
    return json.dumps({"of": key}).encode()


@pytest.mark.parametrize("key", KEYS)
def test_addresses_agree(key):
    assert ours("address", key) == Account.from_key(key).address


@pytest.mark.parametrize("key", KEYS)
def test_others_recover_our_envelope(key):
    payload = payload_for(key)
    envelope = json.loads(ours("dsse", key, data=payload))
    assert base64.b64decode(envelope["payload"]) == payload
    [signature] = envelope["signatures"]
    raw = base64.b64decode(signature["sig"], validate=True)
    account = Account.from_key(key)
    assert signature["keyid"] == account.address.lower()

    digest = hashlib.sha256(pae(payload)).digest()
    compact = raw[:64] + bytes([raw[64] - 27])
    by_eth_keys = eth_keys.Signature(compact).recover_public_key_from_msg_hash(digest)
    assert by_eth_keys.to_checksum_address() == account.address
    by_coincurve = PublicKey.from_signature_and_message(compact, digest, hasher=None)
    assert by_coincurve.format(compressed=False)[1:] == by_eth_keys.to_bytes()
    assert Account._recover_hash(digest, signature=raw) == account.address


def foreign_envelope(key, payload):
    """An envelope made by eth-account alone."""
    account = Account.from_key(key)
    signed = account.unsafe_sign_hash(hashlib.sha256(pae(payload)).digest())
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE.decode(),
        "signatures": [{"keyid": account.address.lower(),
                        "sig": base64.b64encode(signed.signature).decode()}],
    }


@pytest.mark.parametrize("key", KEYS)
def test_we_recover_their_envelope_and_sign_the_same_bytes(key):
    payload = payload_for(key)
    envelope = foreign_envelope(key, payload)
    assert ours("dsse-signer", data=json.dumps(envelope).encode()) == Account.from_key(key).address
    assert json.loads(ours("dsse", key, data=payload)) == envelope


def test_we_refuse_their_envelope_under_another_name():
    envelope = foreign_envelope(KEYS[0], b"{}")
    envelope["signatures"][0]["keyid"] = Account.from_key(KEYS[1]).address.lower()
    code, _, errors = run("dsse-signer", data=json.dumps(envelope).encode())
    assert code == 1 and errors.startswith("crypto: "), errors


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("message", ["hello", "", "zwei\nZeilen \u00e4\u6f22", "x" * 1000],
                         ids=["hello", "empty", "lines", "long"])
def test_wallet_signatures_agree(key, message):
    account = Account.from_key(key)
    encoded = encode_defunct(text=message)
    theirs = account.sign_message(encoded).signature
    signature = ours("eip191", key, data=message.encode())
    assert signature == "0x" + bytes(theirs).hex()
    assert Account.recover_message(encoded, signature=signature) == account.address
    small_v = bytes(theirs[:64]) + bytes([theirs[64] - 27])
    for spelling in [bytes(theirs), small_v]:
        assert ours("eip191-signer", "0x" + spelling.hex(), data=message.encode()) == account.address


@pytest.mark.parametrize("key", KEYS)
def test_cosignatures_agree(key):
    digest = hashlib.sha256(key.encode()).hexdigest()
    text = encode_defunct(text=f"mlprov statement v1\nsha256:{digest}\n")
    account = Account.from_key(key)
    signature = ours("cosign", key, digest)
    assert Account.recover_message(text, signature=signature) == account.address
    theirs = "0x" + bytes(account.sign_message(text).signature).hex()
    assert ours("cosigner", theirs, digest) == account.address
    other = hashlib.sha256(b"another statement").hexdigest()
    assert ours("cosigner", theirs, other) != account.address


@pytest.mark.parametrize("key", KEYS)
def test_they_open_our_keystore(key):
    document = json.loads(ours("encrypt", key, "secret \u00e4"))
    assert Account.decrypt(document, "secret \u00e4").hex() == key
    assert document["address"] == Account.from_key(key).address[2:].lower()
    with pytest.raises(ValueError):
        Account.decrypt(document, "secret")


@pytest.mark.parametrize("kdf, work", [("scrypt", 4096), ("pbkdf2", 1000)])
@pytest.mark.parametrize("key", KEYS)
def test_we_open_their_keystore(key, kdf, work):
    document = json.dumps(Account.encrypt(key, "secret", kdf=kdf, iterations=work)).encode()
    assert ours("decrypt", "secret", data=document) == key
    code, _, errors = run("decrypt", "Secret", data=document)
    assert code == 1 and errors.startswith("crypto: "), errors


def test_we_open_their_keystore_of_standard_cost():
    document = json.dumps(Account.encrypt(KEYS[0], "secret")).encode()
    assert ours("decrypt", "secret", data=document) == KEYS[0]
