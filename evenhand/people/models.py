from .account import Account, AccountDomain
from .agent import Agent
from .joined import Joined
from .person import Address, Person
from .signin import SignInLink
from .team import Team
from .token import ApiToken

__all__ = ["Account", "AccountDomain", "Address", "Agent", "ApiToken", "Joined", "Person", "SignInLink", "Team"]
