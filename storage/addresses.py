"""Addresses in settings: what each kind of them has to look like, and the sentence for one that does not."""

import re
from importlib.util import find_spec
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

LAST_PORT: Final = 65535


def refuse(sentence: str) -> PydanticCustomError:
    """A refusal whose sentence is for the person who wrote the setting."""
    return PydanticCustomError("nianbao", "{sentence}", {"sentence": sentence})


def _with_a_port(url: str) -> str:
    try:
        # A password may hold whatever it likes; what follows it is read as everybody reads it.
        urlsplit(f"//{url.partition('://')[2].rpartition('@')[2]}").port  # noqa: B018 - refuses what is none
    except ValueError:
        raise refuse(f"端口应当是 1 至 {LAST_PORT} 的整数") from None
    return url


def _known_database(url: str) -> str:
    if not re.match(r"(sqlite|postgresql|postgresql\+psycopg)://", url):
        raise refuse("应当以 sqlite:/// 或 postgresql:// 开头，例如 postgresql://用户:密码@主机/库名")
    return _with_a_port(url)


def _known_broker(url: str) -> str:
    if not re.match(r"(redis|rediss|redis\+socket)://", url):
        raise refuse("应当以 redis://、rediss:// 或 redis+socket:// 开头，例如 redis://127.0.0.1:6379/0")
    return _with_a_port(url)


def _known_store(url: str) -> str:
    if re.fullmatch(r"file:///.+", url):
        return url
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?", url):
        raise refuse("应当以 file:/// 或 s3:// 开头，例如 file:///srv/documents 或 s3://桶名/前缀")
    if find_spec("boto3") is None:
        raise refuse("S3 存储需要另装组件：.venv/bin/pip install --require-hashes -r requirements-s3.lock")
    return url


def _known_endpoint(url: str) -> str:
    if not re.match(r"https?://[^/]", url):
        raise refuse("应当以 https:// 或 http:// 开头，例如 https://s3.example.cn")
    return _with_a_port(url)


def _known_hosts(hosts: str) -> str:
    for host in hosts.split():
        if not re.fullmatch(
            r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?", host
        ):
            raise refuse(f"“{host}”不是主机名；应当写成 nianbao.example.gov.cn，几个之间用空格分开，前面不写 https://")
    return hosts


def _known_bind(bind: str) -> str:
    if not re.fullmatch(r"unix:/\S+|\S+:\d{1,5}", bind):
        raise refuse("应当写成“地址:端口”，例如 127.0.0.1:8000")
    if not bind.startswith("unix:") and int(bind.rpartition(":")[2]) > LAST_PORT:
        raise refuse(f"端口最大是 {LAST_PORT}")
    return bind


HostNames = Annotated[str, AfterValidator(_known_hosts)]
DatabaseUrl = Annotated[str, AfterValidator(_known_database)]
BrokerUrl = Annotated[str, AfterValidator(_known_broker)]
StoreUrl = Annotated[str, AfterValidator(_known_store)]
EndpointUrl = Annotated[str, AfterValidator(_known_endpoint)]
BindAddress = Annotated[str, AfterValidator(_known_bind)]
