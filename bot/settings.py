"""Settings from the environment and from `.env`, read and validated once. `.env.example` says what each is for."""

import os
import re
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.search.milvus_client import Address

_FILE = ".env"
Users = Annotated[frozenset[int], NoDecode]


class Settings(BaseSettings):
    """All that can be set. An empty variable counts as not set."""

    model_config = SettingsConfigDict(env_file=_FILE, env_ignore_empty=True, extra="ignore", frozen=True)

    token: SecretStr | None = Field(None, validation_alias="TELEGRAM_BOT_TOKEN")
    api_base_url: str = Field("https://api.telegram.org/bot", validation_alias="TELEGRAM_API_BASE_URL")
    webhook_url: HttpUrl | None = Field(None, validation_alias="TELEGRAM_WEBHOOK_URL")
    webhook_secret: SecretStr | None = Field(None, validation_alias="TELEGRAM_WEBHOOK_SECRET")
    webhook_listen: str = Field("127.0.0.1:8443", validation_alias="TELEGRAM_WEBHOOK_LISTEN", pattern=r"^\S+:\d{1,5}$")
    data_dir: Path = Field(Path("data"), validation_alias="NEWSBOT_DATA_DIR")
    seeds_dir: Path = Field(Path("seeds"), validation_alias="NEWSBOT_SEEDS_DIR")
    search: SecretStr | None = Field(None, validation_alias="NEWSBOT_SEARCH")
    admins: Users = Field(frozenset(), validation_alias="NEWSBOT_ADMINS")
    allowed_users: Users = Field(frozenset(), validation_alias="NEWSBOT_ALLOWED_USERS")
    timezone: ZoneInfo = Field(ZoneInfo("Asia/Shanghai"), validation_alias="NEWSBOT_TIMEZONE")
    language: Literal["zh-Hans", "zh-Hant", "en"] = Field("zh-Hans", validation_alias="NEWSBOT_LANGUAGE")
    backups: int = Field(7, validation_alias="NEWSBOT_BACKUPS", ge=0, le=10_000)
    rate: float = Field(1.0, validation_alias="NEWSBOT_RATE", gt=0, le=1000)
    search_seconds: float = Field(2.0, validation_alias="NEWSBOT_SEARCH_SECONDS", gt=0)
    health_listen: str = Field("", validation_alias="NEWSBOT_HEALTH_LISTEN")
    stalled_after: int = Field(90, validation_alias="NEWSBOT_STALLED_AFTER", ge=12, le=3600)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="NEWSBOT_LOG_LEVEL")

    @field_validator("admins", "allowed_users", mode="before")
    @classmethod
    def _user_ids(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value().strip() if value else ""
        if token and not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
            raise ValueError("must look like 123456:ABC-DEF, as @BotFather gives it")
        return SecretStr(token) if token else None

    @field_validator("webhook_secret")
    @classmethod
    def _telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{8,256}", value.get_secret_value()):
            raise ValueError("must be 8 to 256 letters, digits, _ and -")
        return value

    @field_validator("search")
    @classmethod
    def _names_an_index(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            Address.parse(value.get_secret_value())
        return value

    @field_validator("webhook_url")
    @classmethod
    def _is_https(cls, value: HttpUrl | None) -> HttpUrl | None:
        if value and value.scheme != "https":
            raise ValueError("must begin with https://")
        return value

    @field_validator("health_listen")
    @classmethod
    def _is_loopback(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        try:
            if value and not (ip_address(host.strip("[]")).is_loopback and 0 < int(port) < 1 << 16):
                raise ValueError
        except ValueError:
            raise ValueError("must be an address of this machine alone, such as 127.0.0.1:9090") from None
        return value

    @field_validator("api_base_url")
    @classmethod
    def _ends_in_bot(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")) or not value.endswith("/bot"):
            raise ValueError("must be an http(s) address that ends in /bot, such as http://127.0.0.1:8081/bot")
        return value

    @model_validator(mode="after")
    def _none_is_mistyped(self) -> "Settings":
        """Refuse a name that is none, as what it was to protect would stand open."""
        known = [str(field.validation_alias) for field in type(self).model_fields.values()]
        named = [name for name in os.environ if name.upper().startswith("NEWSBOT_")]
        named += [name for name in dotenv_values(_FILE) if name.upper().startswith(("NEWSBOT_", "TELEGRAM_"))]
        for name in named:
            if name.upper() not in known:
                [near] = get_close_matches(name.upper(), known, 1, 0)
                raise ValueError(f"{name} is no setting. Did you mean {near}?")
        return self

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> "Settings":
        if self.webhook_url and not self.webhook_secret:
            raise ValueError(
                "TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET: without it, anyone could post updates"
            )
        return self

    @property
    def milvus(self) -> Address | None:
        """Where Milvus is that keeps the index; None where the archive does."""
        return Address.parse(self.search.get_secret_value()) if self.search else None

    @property
    def api_file_url(self) -> str:
        """Where files are fetched from: the base address with /file/bot in place of /bot."""
        return self.api_base_url.removesuffix("/bot") + "/file/bot"

    @property
    def health_host(self) -> str:
        """The address that the health endpoint listens on, without its port."""
        return self.health_listen.rpartition(":")[0].strip("[]")

    @property
    def database(self) -> Path:
        return self.data_dir / "newsbot.db"

    @property
    def chat_database(self) -> Path:
        return self.data_dir / "chat.db"

    @property
    def uploads(self) -> Path:
        return self.data_dir / "uploads"

    @property
    def backups_dir(self) -> Path:
        return self.data_dir / "backups"
